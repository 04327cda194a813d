/** A manifest as a reader gets it: through JSON and the schema. */
import { readManifest, type WorldManifest } from "../../../src/data/world.ts";

export const parseManifestForTest = (manifest: WorldManifest): Promise<WorldManifest> =>
  readManifest(() => Promise.resolve(new TextEncoder().encode(JSON.stringify(manifest))));
