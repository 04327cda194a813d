/** Values for kernel tests. */

/** Repeatable values in (-1, 1), by a 32-bit linear congruential generator. */
export function randomValues(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
