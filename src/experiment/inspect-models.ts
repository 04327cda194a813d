/** What a models' folder holds, and whether that is what its configurations and its manifest say. */
import { FormatError } from "../errors.ts";
import { elementCount } from "../graph/tensor.ts";
import { sha256 } from "../storage/hash.ts";
import { checkedFiles, type ReadFile } from "../storage/kept-files.ts";
import { bytesSource } from "../weights/byte-source.ts";
import { checkParameters } from "../weights/checkpoint.ts";
import { openSafetensors, type Safetensors } from "../weights/safetensors.ts";
import { readNetworks } from "./lab-models.ts";
import { modelFiles, networkParts, type LabNetworks, type NetworkPart } from "./lab-networks.ts";
import { modelManifestName, parseModelManifest } from "./model-manifest.ts";

/** One network's file. */
export interface NetworkSize {
  readonly part: NetworkPart;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Numbers that the network asks for, running statistics among them. */
  readonly parameters: number;
  /** Tensors of each type, such as `F16`. */
  readonly dtypes: Readonly<Record<string, number>>;
  /** Tensors that the network does not ask for. */
  readonly unused: readonly string[];
}

/** What a models' folder holds. */
export interface ModelReport {
  /** Side of the pictures, in pixels. */
  readonly resolution: number;
  /** [h, w, c] of a picture's latents. */
  readonly latentShape: readonly number[];
  /** [tokens, width] of a prompt's conditioning. */
  readonly contextShape: readonly number[];
  /** Entries of the tokenizer. */
  readonly vocabulary: number;
  /** Of CLIP's common space. */
  readonly embeddingWidth: number;
  readonly networks: readonly NetworkSize[];
}

/**
 * Reads configurations and the headers of the weights, and holds the one against the other.
 *
 * @throws MissingError, ShapeError, ConfigError, FormatError naming file and key
 */
export async function inspectModels(read: ReadFile): Promise<ModelReport> {
  const networks = await readNetworks(read);
  const sizes: NetworkSize[] = [];
  for await (const { opened: _, bytes, ...size } of openedNetworks(networks, read))
    sizes.push({ ...size, bytes: bytes.length, sha256: await sha256(bytes) });
  const { resolution, latentShape, contextShape, tokenizer, clip } = networks;
  const embeddingWidth = clip.config.text.projectionDim;
  return { resolution, latentShape, contextShape, vocabulary: tokenizer.size, embeddingWidth, networks: sizes };
}

/** The parts one after the other, each held against its configuration when its turn comes. */
async function* openedNetworks(networks: LabNetworks, read: ReadFile) {
  for (const part of networkParts) {
    const file = modelFiles[part];
    const bytes = await read(file);
    const opened = await openSafetensors(bytesSource(file, bytes));
    const asked = networks.parametersOf(part);
    const { unused } = checkParameters(asked, opened);
    const dtypes: Record<string, number> = {};
    for (const { dtype } of opened.entries.values()) dtypes[dtype] = (dtypes[dtype] ?? 0) + 1;
    const parameters = asked.list().reduce((sum, { shape }) => sum + elementCount(shape), 0);
    yield { part, file, opened, bytes, parameters, dtypes, unused };
  }
}

/**
 * Holds every file against the manifest, every weight against its configuration, and every number against infinity.
 *
 * @returns how many files, tensors and numbers were looked at
 * @throws MissingError, FormatError, IntegrityError, ShapeError naming file and tensor, at the first fault
 */
export async function verifyModels(read: ReadFile): Promise<{ files: number; tensors: number; values: number }> {
  const listed = parseModelManifest(await read(modelManifestName), modelManifestName);
  const checked = checkedFiles(listed, read, modelManifestName);
  let [tensors, values] = [0, 0];
  for await (const { opened } of openedNetworks(await readNetworks(checked), checked)) {
    for (const name of opened.entries.keys()) values += await countFinite(opened, name);
    tensors += opened.entries.size;
  }
  const loaded: readonly string[] = Object.values(modelFiles);
  for (const path of Object.keys(listed)) if (!loaded.includes(path)) await checked(path);
  return { files: Object.keys(listed).length, tensors, values };
}

/** @throws FormatError */
async function countFinite(file: Safetensors, name: string): Promise<number> {
  const values = await file.readFloat32(name);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new FormatError(`${file.name}: ${name}[${String(at)}]`, "a finite number", String(values[at]));
  return values.length;
}
