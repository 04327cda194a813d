/** What the runs that a browser keeps hold: their pictures, their trainings, and the whole of one in a bundle. */
import { conditionIds } from "../src/experiment/conditions.ts";
import { ConfigError, MissingError } from "../src/errors.ts";
import { bundle, isBundled, readBundle } from "../src/experiment/bundle.ts";
import type { ProducedRecord } from "../src/experiment/exports.ts";
import type { Results } from "../src/experiment/record.ts";
import { memoryFolder, readJson } from "../src/experiment/run-folder.ts";
import { readRunState } from "../src/experiment/run-log.ts";
import { nameOfRun } from "../src/experiment/run-name.ts";
import { pathsOfRun, removeStoredRun, storedFolder, storedRuns } from "../src/experiment/stored-folder.ts";
import type { TrainingRecord } from "../src/experiment/trainings.ts";
import { sha256 } from "../src/storage/hash.ts";
import type { Medium } from "../src/storage/medium.ts";
import type { KeptRun, KeptTraining, UnitPictures } from "./lab-api.ts";

/** @see LabApi.results */
export async function keptRuns(runs: Medium): Promise<readonly KeptRun[]> {
  const kept: KeptRun[] = [];
  for (const id of await storedRuns(runs)) {
    const folder = storedFolder(runs, id);
    const state = await readRunState(folder);
    if (state) kept.push({ id, state, results: ((await readJson(folder, "results.json")) ?? null) as Results | null });
  }
  return kept;
}

/** A unit of production as a run keeps it; its pictures are square. */
interface ProducedUnit {
  readonly value: ProducedRecord;
  readonly blob: { readonly sha256: string };
}

/** @see LabApi.pictures */
export async function unitPictures(
  runs: Medium,
  id: string,
  condition: string,
  classKey: string,
  limit: number,
): Promise<UnitPictures | null> {
  const folder = storedFolder(runs, id);
  const path = `produce/${condition}/${classKey}`;
  const unit = (await readJson(folder, `${path}.json`)) as ProducedUnit | undefined;
  const bytes = unit && (await folder.read(`${path}.bin`));
  // Bytes are written before their record, so those of another making may lie beside it.
  if (!bytes || (await sha256(bytes)) !== unit.blob.sha256) return null;
  const { images } = unit.value;
  const size = bytes.length / Math.max(1, images.length);
  const side = Math.sqrt(size / 3);
  const shown = images.slice(0, limit);
  return {
    ...{ width: side, height: side, total: images.length },
    pixels: bytes.slice(0, shown.length * size),
    provenance: shown.map(({ provenance }) => ({ ...provenance })),
  };
}

/** @see LabApi.trainings */
export async function finishedTrainings(runs: Medium, id: string): Promise<readonly KeptTraining[]> {
  const folder = storedFolder(runs, id);
  const paths = await pathsOfRun(runs, id);
  const trainings: KeptTraining[] = [];
  for (const path of paths) {
    const [, name, set] = /^train\/([^/]+)\/set-(\d+)\.json$/.exec(path) ?? [];
    const condition = conditionIds().find((known) => known === name);
    if (condition === undefined) continue;
    const unit = (await readJson(folder, path)) as { readonly value: TrainingRecord } | undefined;
    if (unit) trainings.push({ condition, set: Number(set), ...unit.value });
  }
  const rank = ({ condition }: KeptTraining): number => conditionIds().indexOf(condition);
  return trainings.sort((a, b) => a.set - b.set || rank(a) - rank(b));
}

/** @see LabApi.importRun */
export async function importRun(runs: Medium, given: Blob | Uint8Array): Promise<string> {
  const blob = given instanceof Blob ? given : new Blob([given as Uint8Array<ArrayBuffer>]);
  const where = blob instanceof File ? blob.name : "bundle";
  const files = new Map<string, Uint8Array>();
  await readBundle(piecesOf(blob), where, (path, bytes) => Promise.resolve(void files.set(path, bytes)));
  const id = await nameOfRun(memoryFolder(files), where);
  const there = await sameRun(runs, files, id);
  if (there !== undefined) throw new ConfigError(where, "a run that is not there yet", there);
  const folder = storedFolder(runs, id);
  // The state comes last: what has none is no run.
  const order = [...files].sort(([a], [b]) => Number(a === "run.json") - Number(b === "run.json"));
  try {
    for (const [path, bytes] of order) await folder.write(path, bytes);
  } catch (error) {
    await removeStoredRun(runs, id);
    throw error;
  }
  return id;
}

/** The kept run that the files are of: it may have been named a moment before it began, so its name alone does not tell. */
async function sameRun(runs: Medium, files: Map<string, Uint8Array>, id: string): Promise<string | undefined> {
  const given = await readRunState(memoryFolder(files));
  for (const known of await storedRuns(runs)) {
    const state = await readRunState(storedFolder(runs, known));
    const isSame = state?.specHash === given?.specHash && state?.startedAt === given?.startedAt;
    if (known === id || isSame) return known;
  }
  return undefined;
}

/** @see LabApi.exportRun */
export async function exportRun(runs: Medium, id: string): Promise<Uint8Array> {
  const folder = storedFolder(runs, id);
  const paths = (await pathsOfRun(runs, id)).filter(isBundled);
  if (paths.length === 0) throw new MissingError("lab", `the run ${id}`);
  const files = new Map<string, Uint8Array>();
  for (const path of paths) files.set(path, (await folder.read(path)) ?? new Uint8Array(0));
  const bytes = await bundle(files);
  // A bundle that an import would refuse is of no use, and is better found here than there.
  await readBundle(piecesOf(new Blob([bytes as Uint8Array<ArrayBuffer>])), id, () => Promise.resolve());
  return bytes;
}

const pieceBytes = 2 ** 16;

/** A Blob's stream is no async iterable in every browser. */
async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < blob.size; at += pieceBytes)
    yield new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer());
}
