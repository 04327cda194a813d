import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { differingPaths, runHashes, TinyRuns } from "./killed-runs.ts";

let folder = "";
let runs: TinyRuns;
beforeAll(async () => {
  runs = await TinyRuns.open();
  folder = await mkdtemp(join(tmpdir(), "rog-kill-"));
});
afterAll(async () => {
  await runs.close();
  await rm(folder, { recursive: true });
});

test("a process that is killed at random times leaves, when it may end, what one that was left alone leaves", async () => {
  const whole = await runs.start(join(folder, "whole"), null);
  expect(whole.text).toContain('"retrieval"');
  const random = new RandomStream(5, "kills");
  let [killed, kills] = ["", 0];
  // A busy machine may take longer for the first run than for the next, which then ends before its kill: again, sooner.
  for (let attempt = 0; kills === 0 && attempt < 4; attempt++) {
    killed = join(folder, `killed-${String(attempt)}`);
    const ended = await runs.killedOften(killed, 6, (whole.workedMs * 0.7) / 2 ** attempt, random);
    expect(ended.text).toBe(whole.text);
    ({ kills } = ended);
  }
  expect(kills).toBeGreaterThan(0);
  const expected = (await runHashes(join(folder, "whole"))).hashes;
  expect(expected.has("produce/clip-prompts/red.bin")).toBe(true);
  expect(differingPaths((await runHashes(killed)).hashes, expected)).toEqual([]);
});
