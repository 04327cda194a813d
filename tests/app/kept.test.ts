import { resolveObjectURL } from "node:buffer";
import { expect, test } from "vitest";
import { forgetKept, readKept } from "../../src/app/runs/kept.ts";
import { MissingError } from "../../src/errors.ts";

const filesOf = (entries: Readonly<Record<string, string>>) => (): Promise<ReadonlyMap<string, Uint8Array>> =>
  Promise.resolve(new Map(Object.entries(entries).map(([path, text]) => [path, new TextEncoder().encode(text)])));
const files = filesOf({ "results.json": "{}", "chart.svg": "<svg/>" });

test("a kept run is read once, and the addresses of its files last until it is forgotten", async () => {
  const view = await readKept("a", "live", files);
  expect(await readKept("a", "live", files)).toBe(view);
  const address = view.url("chart.svg");
  expect(view.url("chart.svg")).toBe(address);
  expect(await resolveObjectURL(address)?.text()).toBe("<svg/>");
  forgetKept("a");
  expect(resolveObjectURL(address)).toBeUndefined();
  expect(await readKept("a", "live", files)).not.toBe(view);
});

test("a run that could not be read is asked for again", async () => {
  await expect(readKept("b", "opened", filesOf({}))).rejects.toThrow(MissingError);
  expect((await readKept("b", "opened", files)).source).toEqual({ kind: "opened", id: "b", commit: null });
});
