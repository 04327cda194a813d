import { expose, wrap } from "comlink";
import { afterAll, describe, expect, test } from "vitest";
import * as errors from "../../src/errors.ts";
import { carryErrors, packError, unpackError } from "../../workers/error-transfer.ts";

const samples: readonly Error[] = [
  new errors.ShapeError("conv2d", [1, 2], [3]),
  new errors.FormatError("a file", "JSON", "bytes"),
  new errors.ConfigError("spec", "a number", "a word"),
  new errors.MissingError("store", "a value", "a hint"),
  new errors.IntegrityError("file", "aa", "bb"),
  new errors.AdapterError("browser", "none"),
  new errors.OutOfMemoryError("plan", 10, 5),
  new errors.ShaderError("a.wgsl", "1:1 no"),
  new errors.DeviceLostError("webgpu", "unplugged", ["1970 unplugged"], "a card"),
  new errors.NonFiniteError("loss", 3, 7),
  new errors.QuotaError("store", 10, 5),
  new errors.LeakError("audit", 1, 2),
];

describe("errors across threads", () => {
  test("every class of errors.ts is among the samples", () => {
    const names = Object.entries(errors).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
    expect(samples.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  test.each(samples)("$name keeps class, message and fields through JSON", (error) => {
    const back = unpackError(JSON.parse(JSON.stringify(packError(error))) as ReturnType<typeof packError>);
    expect(back).toBeInstanceOf(error.constructor);
    expect(Object.entries(back)).toEqual(expect.arrayContaining(Object.entries(error)));
    expect([back.message, back.stack]).toEqual([error.message, error.stack]);
  });

  test("what is no error of ours stays an error with its name", () => {
    const back = unpackError(packError(new RangeError("too far")));
    expect([back.name, back.message, back instanceof RangeError]).toEqual(["RangeError", "too far", false]);
    expect(unpackError(packError("a word")).message).toBe("a word");
  });
});

describe("Comlink", () => {
  const { port1, port2 } = new MessageChannel();
  afterAll(() => {
    port1.close();
    port2.close();
  });

  test("rejects with the class that was thrown on the other side", async () => {
    carryErrors();
    expose({ lose: () => Promise.reject(new errors.DeviceLostError("webgpu", "unplugged")) }, port1);
    port1.start();
    port2.start();
    const remote = wrap<{ lose(): Promise<void> }>(port2);
    const error: unknown = await remote.lose().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(errors.DeviceLostError);
    expect(error).toMatchObject({ where: "webgpu", reason: "unplugged", name: "DeviceLostError" });
  });
});
