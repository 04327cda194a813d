import { beforeEach, expect, test, vi } from "vitest";

const list = (path: string): unknown =>
  path.includes("/world/")
    ? { name: "mini", hash: "a", classes: ["bird", "cat", "dog"], files: {} }
    : { files: { "clip/model.safetensors": { bytes: 1, sha256: "b" } } };

/** Of a page whose server answers, or is out of reach. */
const openChecks = async (isServed: boolean) => {
  vi.resetModules();
  vi.stubGlobal("location", new URL("http://localhost/"));
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("fetch", (address: string) =>
    isServed
      ? Promise.resolve({ json: () => Promise.resolve(list(new URL(address).pathname)) })
      : Promise.reject(new TypeError("Failed to fetch")),
  );
  return import("../../src/app/config-check.ts");
};

beforeEach(() => vi.unstubAllGlobals());

test("a configuration that asks for more classes than are served is found before a student runs it", async () => {
  const { checkConfig } = await openChecks(true);
  expect((await checkConfig({ classes: 99 })).problem).toBe("classes: expected at most 3, got 99");
  expect((await checkConfig({ classes: 3 })).problem).toBeNull();
  expect((await checkConfig({ classes: "all" })).problem).toBeNull();
  expect((await checkConfig({ classes: 1 })).problem).toContain("classes: expected");
});

test("it goes by no world where the classes are of pictures of one's own, or where none can be asked", async () => {
  const { checkConfig } = await openChecks(true);
  expect((await checkConfig({ classes: 20 }, true)).problem).toBeNull();
  const offline = await openChecks(false);
  expect((await offline.checkConfig({ classes: 20 })).problem).toBeNull();
});

test("a checked configuration tells every field that it sets with its value, and what follows from it", async () => {
  const { checkConfig } = await openChecks(true);
  const { spec, fields } = await checkConfig({ classes: 2, train: { rate: 0.1 }, conditions: ["retrieval"] });
  expect(fields).toEqual([
    ["classes", "2"],
    ["train.rate", "0.1"],
    ["conditions", '["retrieval"]'],
  ]);
  expect(spec).toMatchObject({ classes: 2, seed: 1 });
});
