import { describe, expect, test, vi } from "vitest";
import { AdapterError, ConfigError, DeviceLostError } from "../../src/errors.ts";
import { despiteLosses, openAgain } from "../../workers/device-losses.ts";

const minute = 60_000;

/** Work that loses its device at each of the times, and then is done. */
const losingAt = (...times: number[]) => {
  const clock = { now: 0 };
  const controller = new AbortController();
  const told: [string, number][] = [];
  const before: number[] = [];
  let attempts = 0;
  const work = (losses: number): Promise<string> => {
    before.push(losses);
    const time = times[attempts++];
    if (time === undefined) return Promise.resolve("done");
    clock.now = time;
    return Promise.reject(new DeviceLostError("webgpu", `loss ${String(attempts)}`));
  };
  const result = () =>
    despiteLosses(work, {
      now: () => clock.now,
      adapter: () => "webgpu: a card",
      onLoss: (...loss) => told.push(loss),
      signal: controller.signal,
    });
  return { result, told, before, controller, attempts: () => attempts };
};

describe("work that loses its device", () => {
  test("is done again, and each loss is told", async () => {
    const { result, told } = losingAt(0, minute);
    expect(await result()).toBe("done");
    expect(told).toEqual([
      ["loss 1", 1],
      ["loss 2", 2],
    ]);
  });

  test("ends at the third loss within ten minutes, with what is needed to find out why", async () => {
    const { result, attempts } = losingAt(0, 5 * minute, 9 * minute);
    const error: unknown = await result().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeviceLostError);
    expect(error).toMatchObject({
      adapter: "webgpu: a card",
      losses: ["1970-01-01T00:00:00.000Z loss 1", "1970-01-01T00:05:00.000Z loss 2", "1970-01-01T00:09:00.000Z loss 3"],
    });
    expect((error as Error).message).toContain("3 times of late on webgpu: a card: 1970-01-01T00:00:00.000Z loss 1");
    expect(attempts()).toBe(3);
  });

  test("goes on where losses are rare", async () => {
    const { result, told, before } = losingAt(0, 6 * minute, 12 * minute, 18 * minute);
    expect(await result()).toBe("done");
    expect(before).toEqual([0, 1, 2, 3, 4]);
    expect(told.map(([, losses]) => losses)).toEqual([1, 2, 2, 2]);
  });

  test("is not done again when it was stopped meanwhile", async () => {
    const { result, controller, attempts } = losingAt(0);
    controller.abort();
    expect(await result()).toBeUndefined();
    expect(attempts()).toBe(1);
  });

  test("fails at once for other reasons", async () => {
    const options = { now: Date.now, adapter: () => "", onLoss: vi.fn(), signal: new AbortController().signal };
    const failed = despiteLosses(() => Promise.reject(new ConfigError("spec", "a number", "a word")), options);
    await expect(failed).rejects.toThrow(ConfigError);
    expect(options.onLoss).not.toHaveBeenCalled();
  });
});

describe("a device after a loss", () => {
  test("is asked for until the browser has an adapter again", async () => {
    const open = vi.fn(() => Promise.resolve("device"));
    open
      .mockRejectedValueOnce(new AdapterError("browser", "none"))
      .mockRejectedValueOnce(new AdapterError("b", "none"));
    expect(await openAgain(open, 1)).toBe("device");
    expect(open).toHaveBeenCalledTimes(3);
  });

  test("is given up after five attempts, and at once for other reasons", async () => {
    const none = vi.fn(() => Promise.reject(new AdapterError("browser", "none")));
    await expect(openAgain(none, 1)).rejects.toThrow(AdapterError);
    expect(none).toHaveBeenCalledTimes(5);
    const wrong = vi.fn(() => Promise.reject(new ConfigError("device", "a limit", "none")));
    await expect(openAgain(wrong, 1)).rejects.toThrow(ConfigError);
    expect(wrong).toHaveBeenCalledTimes(1);
  });
});
