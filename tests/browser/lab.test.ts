import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLabPage, type LabPage } from "../../src/cli/lab-page.ts";
import { FormatError, IntegrityError, MissingError } from "../../src/errors.ts";
import { modelManifestName } from "../../src/experiment/model-manifest.ts";
import type { RunEvent } from "../../src/experiment/stages.ts";
import type { RunRequest } from "../../workers/lab-api.ts";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";
import { openBrowserLab } from "./harness.ts";
import type { Loss } from "./lab.worker.ts";

const spec: RunRequest["spec"] = {
  name: "tiny",
  world: { resolution: 16 },
  classes: ["red", "green"],
  conditions: ["real-10", "retrieval"],
  sets: { n: 1 },
  retrieval: { duplicates: 1 },
  train: {
    batch: 8,
    maxEpochs: 2,
    stop: 2,
    net: { block: "basic", depths: [1], width: 4, stem: "cifar" },
  },
};
const port = 43_119;
let folder: string;
let folders: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-lab-"));
  folders = { "/world/mini-16/": join(folder, "world"), "/models/mini-16/": join(folder, "models") };
  await writeFiles(join(folder, "world"), await tinyWorldFiles());
  await writeFiles(join(folder, "models"), await tinyModelFiles());
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** A visit of the same browser, on its software adapter. */
const visit = async (work: (lab: LabPage) => Promise<void>, onEvent?: (event: RunEvent) => void): Promise<void> => {
  const profile = join(folder, "profile");
  const lab = await openLabPage({ folders, profile, port, adapter: "swiftshader", ...(onEvent ? { onEvent } : {}) });
  try {
    await work(lab);
  } finally {
    await lab.close();
  }
};

const dataRequests = ({ requests }: LabPage): string[] =>
  requests.filter((path) => /^\/(world|models)\//.test(path)).map((path) => path.split("/").at(-1)!);

describe("the lab in a page's worker", () => {
  let cancelAt: (() => void) | undefined;
  let cancelled: Promise<void> = Promise.resolve();
  const onEvent = ({ event }: RunEvent): void => {
    if (event === "unit-finished") cancelAt?.();
  };
  /** Cancels at the next finished unit, once: a cancel that comes late must not meet a page that is being closed. */
  const cancelOnce = (lab: LabPage): void => {
    cancelAt = () => {
      cancelAt = undefined;
      cancelled = lab.cancel();
    };
  };

  test("the first visit downloads world and networks, and a cancelled run keeps what it finished", async () => {
    await visit(async (lab) => {
      cancelOnce(lab);
      expect((await lab.run({ spec })).state).toBe("stopped");
      await cancelled;
      const asked = dataRequests(lab);
      expect(asked).toContain("pool.rgb");
      expect(asked.filter((path) => path.endsWith(".safetensors"))).toHaveLength(3);
      expect(await lab.storage()).toMatchObject({ runs: 1 });
    }, onEvent);
  }, 300_000);

  test("the second visit downloads lists of hashes only, and finishes the same run", async () => {
    cancelAt = undefined;
    const events: RunEvent[] = [];
    await visit(
      async (lab) => {
        const outcome = await lab.run({ spec, commands: ["npm run something"] });
        expect(dataRequests(lab).sort()).toEqual([modelManifestName, "world.json"]);
        if (outcome.state !== "done") throw new Error(outcome.state);
        expect(outcome.results.conditions.map(({ id, n }) => [id, n])).toEqual([
          ["real-10", 1],
          ["retrieval", 1],
        ]);
        expect(outcome.results.commands).toEqual(["npm run something"]);
        expect(events.some((event) => event.event === "unit-finished" && event.reused)).toBe(true);
        const files = await lab.files(outcome.id);
        expect([...files.keys()]).toEqual(expect.arrayContaining(["events.jsonl", "report.html", "results.json"]));
        const kept = JSON.parse(new TextDecoder().decode(files.get("results.json"))) as unknown;
        expect(kept).toEqual(outcome.results);
        expect(await lab.storage()).toMatchObject({ runs: 1 });
      },
      (event) => events.push(event),
    );
  }, 300_000);

  test("a damaged file is found at the next visit and downloaded again", async () => {
    await visit(async (lab) => {
      expect(await lab.page.evaluate(damageLargest)).toBeGreaterThan(1000);
    });
    await visit(async (lab) => {
      cancelOnce(lab);
      await lab.run({ spec: { ...spec, seed: 2 } });
      await cancelled;
      expect(dataRequests(lab)).toHaveLength(3);
    }, onEvent);
  }, 300_000);

  test("errors arrive as their classes, and nothing is loaded without its hash", async () => {
    const manifest = join(folder, "models", modelManifestName);
    await visit(async (lab) => {
      await expect(lab.run({ spec: { classes: 1 } })).rejects.toMatchObject({
        name: "ConfigError",
        where: expect.stringContaining("classes") as string,
      });
      await writeFile(manifest, "{}");
      await expect(lab.run({ spec })).rejects.toThrow(FormatError);
      await writeFile(manifest, JSON.stringify({ format: "model-files/1", files: {} }));
      await expect(lab.run({ spec })).rejects.toThrow(MissingError);
      const merges = { bytes: (await tinyModelFiles()).get("tokenizer/merges.txt")!.length, sha256: "0".repeat(64) };
      const files = { "tokenizer/merges.txt": merges };
      await writeFile(manifest, JSON.stringify({ format: "model-files/1", files }));
      await expect(lab.run({ spec })).rejects.toThrow(IntegrityError);
    });
    await writeFiles(join(folder, "models"), await tinyModelFiles());
  }, 300_000);
});

test("a lost device rejects the run over Comlink, and the next run opens another", async () => {
  const lab = await openBrowserLab({ folders });
  try {
    const worker = join(import.meta.dirname, "lab.worker.ts");
    const loss = await lab.runInWorker<Loss>(worker, "loseDevice", [{ spec, files: lab.url }]);
    expect(loss).toMatchObject({ isDeviceLost: true, opened: 2, next: "stopped" });
    expect(loss.error?.name).toBe("DeviceLostError");
    expect(loss.error?.fields["reason"]).toBeTypeOf("string");
  } finally {
    await lab.close();
  }
}, 300_000);

/** Runs in the page: overwrites the largest kept shard and gives the size that it had. */
const damageLargest = async (): Promise<number> => {
  const ready = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("no reason"));
    });
  const database = await ready(indexedDB.open("retrieve-or-generate"));
  const values = (mode: IDBTransactionMode) => database.transaction("values", mode).objectStore("values");
  let largest = { key: "", size: 0 };
  for (const key of (await ready(values("readonly").getAllKeys())) as string[]) {
    const { size } = (await ready(values("readonly").get(key))) as Blob;
    if (key.startsWith("shards/") && size > largest.size) largest = { key, size };
  }
  await ready(values("readwrite").put(new Blob(["damaged"]), largest.key));
  database.close();
  return largest.size;
};
