import { expect, test } from "vitest";
import { QuotaError } from "../../src/errors.ts";
import { lastingMedium } from "../../src/storage/lasting.ts";
import { memoryMedium, type Medium } from "../../src/storage/medium.ts";

const refused = (): Promise<never> => Promise.reject(new DOMException("denied", "UnknownError"));
const denied = (): Medium => ({ ...memoryMedium(), has: refused, read: refused, write: refused });

test("a medium that opens keeps the bytes itself, and is opened once and only when it is used", async () => {
  const inner = memoryMedium();
  let opened = 0;
  const medium = lastingMedium(() => {
    opened++;
    return inner;
  });
  expect(opened).toBe(0);
  await Promise.all([medium.write("values/a", Uint8Array.of(1, 2)), medium.write("values/b", Uint8Array.of(3))]);
  expect(opened).toBe(1);
  expect(await medium.lasts()).toBe(true);
  expect(await inner.read("values/a")).toEqual(Uint8Array.of(1, 2));
});

test("opening leaves nothing in the medium, also where it has no room", async () => {
  const inner = memoryMedium();
  expect(await lastingMedium(() => inner).lasts()).toBe(true);
  expect(await inner.keys("probe")).toEqual([]);
  const full: Medium = { ...inner, write: (key) => Promise.reject(new QuotaError(key, 1, 0)) };
  expect(await lastingMedium(() => full).lasts()).toBe(true);
});

test.each([
  { how: "at its first use", open: denied },
  {
    // As WebKit's private windows do: what is there can be read, and Blobs cannot be written.
    how: "only when it is written to",
    open: (): Medium => ({
      ...memoryMedium(),
      write: () => Promise.reject(new DOMException("BlobURLs are not yet supported", "DataCloneError")),
    }),
  },
  {
    how: "when it is opened",
    open: (): Medium => {
      throw new DOMException("denied", "SecurityError");
    },
  },
])("one that the browser refuses $how is memory, which does not last", async ({ open }) => {
  const medium = lastingMedium(open);
  expect(await medium.lasts()).toBe(false);
  await medium.write("values/a", Uint8Array.of(1, 2));
  expect(await medium.read("values/a")).toEqual(Uint8Array.of(1, 2));
  expect([await medium.size("values/a"), await medium.keys("values")]).toEqual([2, ["values/a"]]);
  await medium.remove("values/a");
  expect([await medium.has("values/a"), await medium.freeBytes()]).toEqual([false, Infinity]);
});
