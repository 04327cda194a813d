/** Pictures decoded in a worker of their own, each within a time. */
import { transfer, wrap, type Remote } from "comlink";
import type { ImageCodec } from "../src/data/import/gather.ts";
import { middleSquare } from "../src/data/middle-square.ts";
import { FormatError, MissingError } from "../src/errors.ts";
import { carryErrors } from "./error-transfer.ts";
import type { ImagesApi } from "./images.worker.ts";

/** A codec that somebody must close. */
export interface OpenImages extends ImageCodec {
  close(): void;
}

/** Seconds that decoding one picture may take, as on the command line. */
const decodeSeconds = 20;

/**
 * Starts a worker that runs `images.worker.ts`. One that takes too long for a picture is ended, and the next picture goes to
 * another one.
 *
 * @param start starts the worker
 * @param seconds that one picture may take
 * @throws MissingError when the worker does not load; AdapterError when the browser hides the pixels of pictures
 */
export async function openImages(start: () => Worker, seconds = decodeSeconds): Promise<OpenImages> {
  carryErrors();
  let open = connect(start());
  try {
    await open.ready;
  } catch (error) {
    open.worker.terminate();
    throw error;
  }
  return {
    decode: async (bytes, resolution) => {
      // What a view belongs to may be much larger, and in use.
      const own = bytes.slice();
      await open.ready;
      const timeout = after(seconds);
      try {
        return await Promise.race([
          open.remote.decode(transfer(own, [own.buffer]), resolution),
          open.failed,
          timeout.passed,
        ]);
      } catch (error) {
        if (error === timeout.error || error instanceof MissingError) {
          open.worker.terminate();
          open = connect(start());
        }
        throw error;
      } finally {
        timeout.forget();
      }
    },
    resize: ({ width, height, data }, resolution) =>
      Promise.resolve(middleSquare({ width, height, data, channels: 3 }, resolution)),
    close: () => open.worker.terminate(),
  };
}

interface Connection {
  readonly worker: Worker;
  readonly remote: Remote<ImagesApi>;
  /** The worker has loaded and the browser gives pixels as they are. */
  readonly ready: Promise<void>;
  /** Rejects when the worker does not load, or ends by an error. */
  readonly failed: Promise<never>;
}

function connect(worker: Worker): Connection {
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener("error", ({ message }) => {
      reject(new MissingError("pictures", "the worker that decodes them", message));
    });
  });
  const remote = wrap<ImagesApi>(worker);
  const ready = Promise.race([remote.check(), failed]);
  // Whoever waits for the worker hears of it; nobody may be waiting.
  for (const outcome of [failed, ready]) outcome.catch(() => undefined);
  return { worker, remote, ready, failed };
}

function after(seconds: number): { readonly passed: Promise<never>; readonly error: Error; forget(): void } {
  const error = new FormatError("the file", `decoding within ${String(seconds)} s`, "none");
  let forget = (): void => undefined;
  const passed = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(error), seconds * 1000);
    forget = () => clearTimeout(timer);
  });
  return { passed, error, forget };
}
