/** Preparing one step while the device works on the one before. */

/**
 * Waits for work, and makes something for afterwards in the meantime. It is made after the work was handed to the device.
 *
 * @param work such as a program's run, already called
 * @returns what was made, when both are done
 * @throws what either of them throws
 */
export async function meanwhile<T>(work: Promise<unknown>, make: () => T): Promise<T> {
  const made = new Promise<void>((resolve) => void setTimeout(resolve, 0)).then(make);
  await Promise.all([work, made]);
  return made;
}
