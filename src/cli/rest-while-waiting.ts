/** Lets a device of the CPU have the core that Dawn's waiting would burn. */

/** A nap lasts a tenth of the wait so far, and never longer than this, in milliseconds. */
const longestNap = 1;

/**
 * Makes the main thread sleep while it waits for work or pipelines of a device whose shaders run on the CPU.
 *
 * Dawn in Node asks for finished work at each turn of the event loop, which keeps a whole core busy; on two cores the driver's
 * threads then get half of them. Naps at each turn return that core; a wait grows by a tenth or by 1 ms at most.
 *
 * @param device changed in place: `createComputePipelineAsync` and its queue's `onSubmittedWorkDone`
 */
export function restWhileWaiting(device: GPUDevice): void {
  const { queue } = device;
  const rest = restful();
  const submitted = queue.onSubmittedWorkDone.bind(queue);
  const pipeline = device.createComputePipelineAsync.bind(device);
  queue.onSubmittedWorkDone = () => rest(submitted());
  device.createComputePipelineAsync = (descriptor) => rest(pipeline(descriptor));
}

/** @returns a function that gives back a promise as it is, and naps until it and all earlier ones are settled */
function restful(): <T>(promise: Promise<T>) => Promise<T> {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let waits = 0;
  let began = 0;
  let isTurning = false;
  const turn = (): void => {
    isTurning = waits > 0;
    if (!isTurning) return;
    Atomics.wait(cell, 0, 0, Math.min(longestNap, (performance.now() - began) / 10));
    setImmediate(turn);
  };
  return (promise) => {
    began = performance.now();
    waits++;
    if (!isTurning) setImmediate(turn);
    isTurning = true;
    const settle = (): void => void waits--;
    promise.then(settle, settle);
    return promise;
  };
}
