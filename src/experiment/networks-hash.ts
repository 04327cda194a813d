/** What networks are known by: a hash over the files that they are loaded from. */
import { sha256Text } from "../storage/hash.ts";

/** @param files paths and SHA-256 of their content, in the order in which they are loaded */
export function hashOfNetworkFiles(files: Iterable<readonly [path: string, sha256: string]>): Promise<string> {
  return sha256Text(Array.from(files, ([path, hash]) => `${path} ${hash}`).join("\n"));
}
