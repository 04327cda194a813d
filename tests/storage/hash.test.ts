import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { sha256 } from "../../src/storage/hash.ts";

afterEach(() => vi.unstubAllGlobals());

/** Lengths around a block of 64 bytes, and one of many blocks. */
const lengths = [0, 1, 55, 56, 63, 64, 65, 1_000_003];

test.each(["where there is Web Crypto", "where a page of plain http has none"])(
  "hashes are OpenSSL's %s",
  async (where) => {
    if (where !== "where there is Web Crypto") vi.stubGlobal("crypto", {});
    for (const length of lengths) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7919) >> 3);
      expect(await sha256(bytes), String(length)).toBe(createHash("sha256").update(bytes).digest("hex"));
      const shared = new Uint8Array(new SharedArrayBuffer(length));
      shared.set(bytes);
      expect(await sha256(shared), `${String(length)}, shared`).toBe(await sha256(bytes));
    }
  },
);
