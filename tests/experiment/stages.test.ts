import { expect, test } from "vitest";
import { QuotaError } from "../../src/errors.ts";
import { memoryFolder } from "../../src/experiment/run-folder.ts";
import { Stages, type RunEvent } from "../../src/experiment/stages.ts";

function setUp(files = new Map<string, Uint8Array>()) {
  const events: RunEvent[] = [];
  const stages = new Stages(memoryFolder(files), (event) => Promise.resolve(void events.push(event)));
  let made = 0;
  const make = () => Promise.resolve({ value: { made: ++made }, blob: Uint8Array.of(made, 7) });
  return { stages, events, files, make, count: () => made };
}

test("a unit is made once for the same inputs, and anew for others", async () => {
  const { stages, make, count } = setUp();
  const first = await stages.unit("produce", "a/cat", { seed: 1 }, make);
  const again = await stages.unit("produce", "a/cat", { seed: 1 }, make);
  expect(again).toEqual(first);
  expect(count()).toBe(1);
  const other = await stages.unit("produce", "a/cat", { seed: 2 }, make);
  expect(other?.value).toEqual({ made: 2 });
  expect(other?.hash).not.toBe(first?.hash);
});

test("a unit's event says how long its making took, and nothing of it when it is reused", async () => {
  const { stages, events, make, files } = setUp();
  await stages.unit("produce", "a/cat", {}, make);
  const record = new TextDecoder().decode(files.get("produce/a/cat.json"));
  await stages.unit("produce", "a/cat", {}, make);
  const finished = { event: "unit-finished", stage: "produce", unit: "a/cat" };
  expect(events).toEqual([
    { ...finished, reused: false, elapsedMs: expect.any(Number) },
    { ...finished, reused: true },
  ]);
  expect(Object.keys(JSON.parse(record) as object)).toEqual(["key", "value", "blob"]);
});

test("a stopped unit leaves nothing behind", async () => {
  const { stages, files, events } = setUp();
  expect(await stages.unit("train", "set-0", {}, () => Promise.resolve(undefined))).toBeUndefined();
  expect(files.size).toBe(0);
  expect(events).toEqual([]);
});

test("a stopped unit's work is found at the next start, and forgotten when it is done; its time counts both", async () => {
  const { stages, files, events } = setUp();
  const values = new Map([["weights", Float32Array.of(1, 2.5)]]);
  await stages.unit("train", "set-0", {}, async (resumption) => {
    expect(resumption.found).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await resumption.keep({ share: 0.5, state: { step: 7 }, values });
    return undefined;
  });
  expect([...files.keys()]).toEqual(["train/set-0.part"]);
  const unit = await stages.unit("train", "set-0", {}, ({ found }) => {
    expect(found).toEqual({ share: 0.5, state: { step: 7 }, values });
    return Promise.resolve({ value: 1 });
  });
  expect(unit?.value).toBe(1);
  expect([...files.keys()]).toEqual(["train/set-0.json"]);
  expect(events[0]).toEqual({ event: "unit-resumed", stage: "train", unit: "set-0", share: 0.5 });
  const [finished] = events.filter(({ event }) => event === "unit-finished");
  expect((finished as { elapsedMs: number }).elapsedMs).toBeGreaterThan(25);
});

test.each(["of other inputs", "damaged"])("a stopped unit's work that is %s is not gone on with", async (what) => {
  const { stages, files } = setUp();
  const values = new Map([["weights", Float32Array.of(1, 2)]]);
  await stages.unit("train", "set-0", { seed: 1 }, async (resumption) => {
    await resumption.keep({ share: 0, state: {}, values });
    return undefined;
  });
  const bytes = files.get("train/set-0.part")!;
  if (what === "damaged") bytes[bytes.length - 1]! ^= 1;
  await stages.unit("train", "set-0", { seed: what === "damaged" ? 1 : 2 }, ({ found }) => {
    expect(found).toBeUndefined();
    return Promise.resolve({ value: 1 });
  });
  expect([...files.keys()]).toEqual(["train/set-0.json"]);
});

test("without room for unfinished work a unit stops all the same, and is begun anew", async () => {
  const folder = memoryFolder();
  const full = { ...folder, write: () => Promise.reject(new QuotaError("disk", 10, 0)) };
  const stages = new Stages(full, () => Promise.resolve());
  const stopped = stages.unit("train", "set-0", {}, async (resumption) => {
    await resumption.keep({ share: 0, state: {}, values: new Map() });
    return undefined;
  });
  await expect(stopped).resolves.toBeUndefined();
});

test("a finished unit takes the room of what was kept of it where there is none for both", async () => {
  const files = new Map<string, Uint8Array>();
  const folder = memoryFolder(files);
  const write = (path: string, bytes: Uint8Array): Promise<void> =>
    path.endsWith(".bin") && files.has("train/set-0.part")
      ? Promise.reject(new QuotaError("disk", 10, 0))
      : folder.write(path, bytes);
  const stages = new Stages({ ...folder, write }, () => Promise.resolve());
  const made = await stages.unit("train", "set-0", {}, async (resumption) => {
    await resumption.keep({ share: 0.9, state: {}, values: new Map() });
    return { value: 1, blob: Uint8Array.of(5) };
  });
  expect(made?.value).toBe(1);
  expect([...files.keys()].sort()).toEqual(["train/set-0.bin", "train/set-0.json"]);
});

test("what a kill left of a unit that is finished is let go of when the unit is found", async () => {
  const { stages, files, make } = setUp();
  await stages.unit("train", "set-0", {}, make);
  files.set("train/set-0.part", Uint8Array.of(1));
  await stages.unit("train", "set-0", {}, make);
  expect(files.has("train/set-0.part")).toBe(false);
});

test("a unit that is asked for twice takes one place, so that one share makes it", async () => {
  const shares = [0, 1].map((index) => {
    const isOwn = (_: string, place: number): boolean => place % 2 === index;
    return new Stages(memoryFolder(), () => Promise.resolve(), { isOwn });
  });
  for (const stages of shares)
    for (const name of ["words", "rows", "words", "others"])
      await stages.unit("adapt", name, {}, () => Promise.resolve({ value: name }));
  expect(shares.map(({ left }) => [...new Set(left)])).toEqual([["adapt/rows"], ["adapt/words", "adapt/others"]]);
});

test.each(["missing", "changed"])("a unit whose bytes are %s is made again", async (damage) => {
  const { stages, files, make, count } = setUp();
  await stages.unit("train", "set-0", {}, make);
  if (damage === "missing") files.delete("train/set-0.bin");
  else files.set("train/set-0.bin", Uint8Array.of(9, 7));
  await stages.unit("train", "set-0", {}, make);
  expect(count()).toBe(2);
});

test("a record that a kill cut in half is made again", async () => {
  const { stages, files, make, count } = setUp();
  await stages.unit("train", "set-0", {}, make);
  files.set("train/set-0.json", files.get("train/set-0.json")!.subarray(0, 20));
  await stages.unit("train", "set-0", {}, make);
  expect(count()).toBe(2);
});

test("what goes on from a made unit equals what a later start reads", async () => {
  const { stages } = setUp();
  const make = () => Promise.resolve({ value: { kept: 1, left: undefined, list: [0.1 + 0.2] } });
  const made = await stages.unit("sets", "all", {}, make);
  expect(await stages.unit("sets", "all", {}, make)).toEqual(made);
  expect(Object.keys(made!.value)).toEqual(["kept", "list"]);
});

test("a stage that was stopped does not say that it finished", async () => {
  const { stages, events } = setUp();
  await stages.stage("sets", 1, () => Promise.resolve("done"));
  await stages.stage("train", 1, () => Promise.resolve(undefined));
  expect(events.map(({ event, stage }) => `${event} ${stage}`)).toEqual([
    "stage-started sets",
    "stage-finished sets",
    "stage-started train",
  ]);
});
