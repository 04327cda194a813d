import { describe, expect, test } from "vitest";
import { exitCodeOf, exitCodes } from "../../src/cli/exit-codes.ts";
import * as errors from "../../src/errors.ts";

describe("exitCodeOf", () => {
  test.each([
    [new errors.ConfigError("a", "b", "c"), 2],
    [new errors.MissingError("a", "b"), 3],
    [new errors.FormatError("a", "b", "c"), 3],
    [new errors.ShapeError("a", [1], [2]), 3],
    [new errors.AdapterError("a", "b"), 4],
    [new errors.QuotaError("a", 2, 1), 5],
    [new errors.OutOfMemoryError("a", 2, 1), 5],
    [new errors.NonFiniteError("a", 1, NaN), 7],
    [new errors.IntegrityError("a", "b", "c"), 8],
    [new errors.DeviceLostError("a", "b"), 9],
    [Object.assign(new Error("no such file"), { code: "ENOENT" }), 3],
    [new TypeError("a bug"), 1],
    ["not even an error", 1],
  ])("%s ends with %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
    expect(exitCodes).toHaveProperty(String(code));
  });
});
