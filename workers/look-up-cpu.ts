/** Look-ups without a device: the text is read by the reference backend, the pool's embeddings were recorded. */
import { ReferenceBackend } from "../src/backends/reference/backend.ts";
import { recordedEmbeddingsPath } from "../src/experiment/lab-networks.ts";
import { readRecordedEmbeddings } from "../src/experiment/recorded-embeddings.ts";
import type { RunPool } from "../src/experiment/run-data.ts";
import { loadTextTower } from "../src/experiment/text-tower.ts";
import type { RecordedInputs } from "./lab-downloads.ts";
import type { LookUps } from "./look-up.ts";
import type { LookedUp, LookUpRequest } from "./redraw-api.ts";

/**
 * The pictures nearest to a text, with the text tower's arithmetic in f64.
 *
 * @throws IntegrityError when the embeddings are of another world or by another CLIP; ShapeError, MissingError, FormatError
 * @throws ConfigError when k is not a whole number >= 1; the reason of the inputs' signal
 */
export async function lookUpOnCpu(
  request: LookUpRequest,
  { worldHash, pool, readModel }: RecordedInputs,
  lookUps: LookUps,
): Promise<LookedUp | null> {
  const backend = new ReferenceBackend();
  const { embedTexts, embeddingWidth, clipHash } = await loadTextTower(backend, readModel);
  const withEmbeddings = async (): Promise<RunPool> => {
    const read = await pool();
    const expected = { world: worldHash, clip: clipHash, rows: read.pool.entries.length, width: embeddingWidth };
    const embeddings = await readRecordedEmbeddings(await readModel(recordedEmbeddingsPath), expected);
    return { ...read, pool: { ...read.pool, embeddings } };
  };
  return lookUps.lookUp(request, {
    networks: { embedTexts, embeddingWidth, hash: clipHash, adapter: backend.name },
    computedOn: "cpu",
    poolKey: worldHash,
    pool: withEmbeddings,
    // As much of the pool as was chosen has as many of them.
    embeddings: (chosen) => Promise.resolve(chosen.pool.embeddings),
  });
}
