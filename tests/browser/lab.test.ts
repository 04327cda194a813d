import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLabPage, type LabPage } from "../../src/cli/lab-page.ts";
import { FormatError, IntegrityError, MissingError, QuotaError } from "../../src/errors.ts";
import { modelManifestName } from "../../src/experiment/model-manifest.ts";
import type { LabEvent, RunRequest } from "../../workers/lab-api.ts";
import { tinyModelFiles, tinyWorldFiles, writeFiles } from "../experiment/tiny-files.ts";
import { openBrowserLab, type BrowserLab } from "./harness.ts";
import type { Loss, Outlived, Shared } from "./lab.worker.ts";

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
const visit = async (work: (lab: LabPage) => Promise<void>, onEvent?: (event: LabEvent) => void): Promise<void> => {
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
  const onEvent = ({ event }: LabEvent): void => {
    if (event === "unit-finished") cancelAt?.();
  };
  /** Cancels at the next finished unit, once: a cancel that comes late must not meet a page that is being closed. */
  const cancelOnce = (lab: LabPage): void => {
    cancelAt = () => {
      cancelAt = undefined;
      cancelled = lab.cancel();
    };
  };

  test("a browser without room says so before it downloads anything", async () => {
    await visit(async (lab) => {
      const session = await lab.page.context().newCDPSession(lab.page);
      const { origin } = new URL(lab.page.url());
      // Enough for the lists of files, and for some of the files.
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 200_000 });
      const error: unknown = await lab.run({ spec }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(QuotaError);
      const { where, neededBytes, freeBytes } = error as QuotaError;
      expect([where, neededBytes > 200_000]).toEqual(["downloads", true]);
      expect(freeBytes).toBeLessThan(200_000);
      expect(dataRequests(lab).sort()).toEqual([modelManifestName, "world.json"]);
    });
  }, 300_000);

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
    const events: LabEvent[] = [];
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

describe("a lab in a worker of its own", () => {
  let lab: BrowserLab;
  const call = <Result>(name: string): Promise<Result> =>
    lab.runInWorker<Result>(join(import.meta.dirname, "lab.worker.ts"), name, [{ spec, files: lab.url }]);
  beforeAll(async () => {
    lab = await openBrowserLab({ folders });
  });
  afterAll(() => lab.close());

  test("goes on with another device after a loss, and gives the bits of a run that lost none", async () => {
    const outlived = await call<Outlived>("outliveLosses");
    expect(outlived).toMatchObject({ opened: 3, different: [], isEqual: true });
    expect(outlived.compared).toBeGreaterThan(5);
    expect(outlived.losses.map((event) => event.event === "device-lost" && event.losses)).toEqual([1, 2]);
    // The run keeps its name.
    expect([outlived.ids.length, new Set(outlived.ids).size]).toEqual([3, 1]);
  }, 300_000);

  test("rejects at the third loss with its diagnostics over Comlink, and the next run opens another device", async () => {
    const loss = await call<Loss>("loseAlways");
    expect(loss).toMatchObject({ isDeviceLost: true, opened: 4, next: "stopped" });
    expect(loss.losses.map((event) => event.event === "device-lost" && event.losses)).toEqual([1, 2, 3]);
    expect(loss.error).toMatchObject({ name: "DeviceLostError", fields: { where: "lab" } });
    const { losses, adapter } = loss.error!.fields as { losses: string[]; adapter: string };
    expect(losses).toHaveLength(3);
    expect(adapter).toMatch(/swiftshader/i);
    for (const text of [...losses, adapter]) expect(loss.error!.message).toContain(text);
  }, 300_000);

  test("gives way to another lab that asks for its turn, frees its device and measures its speed", async () => {
    const shared = await call<Shared>("shareGpu");
    expect(shared.busyDuring).toEqual([false, true]);
    expect(shared.taken).toMatchObject({ state: "stopped", takenOver: true });
    expect(shared.own).toMatchObject({ state: "stopped", takenOver: false, id: expect.any(String) as string });
    expect(shared.busyAfter).toEqual([false, false]);
    expect([shared.released, shared.openedAfterRelease]).toEqual(["destroyed", 2]);
    expect(shared.speed.gflops).toBeGreaterThan(0.01);
    expect(shared.measuredAmid?.name).toBe("ConfigError");
  }, 300_000);
});

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
