import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { imageFolderFiles, learnedEmbeds } from "../../src/experiment/exports.ts";
import { conditioningLesson, learnAndPack } from "../../src/methods/adapted.ts";
import type { LearningSettings, Sources } from "../../src/methods/method.ts";
import { bytesSource } from "../../src/weights/byte-source.ts";
import { openSafetensors } from "../../src/weights/safetensors.ts";

test("images whose ids differ only by what file systems do not take are files of their own", () => {
  const ids = ["images/熊猫.jpg", "images/老虎.jpg", "a/1.jpg", "a-1.jpg", "A/1.jpg", "x".repeat(400)];
  const record = { images: ids.map((id) => ({ id, provenance: { kind: "retrieved" } as never })) };
  const pixels = Uint8Array.from({ length: ids.length * 3 }, (_, i) => i);
  const { files, lines } = imageFolderFiles("cat", record, pixels, 1);
  const names = files.map(({ path }) => path);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
  expect(names[2]).toBe("cat/0002-a-1.png");
  for (const name of names) expect(name).toMatch(/^cat\/[\w.-]{1,120}$/);
  expect(lines).toMatchObject(ids.map((id, i) => ({ file_name: names[i], id })));
});

/** What `adapt` keeps of one class's row. */
async function kept(key: string, row: Float32Array): Promise<Uint8Array> {
  const sources = { learn: () => Promise.resolve({ rows: [row], courses: [] }) } as Partial<Sources> as Sources;
  const options = { seed: 1, signal: new AbortController().signal };
  const groups = [{ key, images: [], validation: [], start: key }];
  const packed = await learnAndPack(
    "textual-inversion",
    groups,
    {} as LearningSettings,
    conditioningLesson,
    sources,
    options,
  );
  return packed!;
}

test("a learned word is the file that diffusers' load_textual_inversion was seen to load (learned_embeds.py)", async () => {
  const folder = new URL("../fixtures/learned-embeds/", import.meta.url);
  const expected = JSON.parse(await readFile(new URL("red.json", folder), "utf8")) as {
    readonly token: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  };
  const [made, ...others] = await learnedEmbeds(await kept("red", Float32Array.from(expected.values)));
  expect(others).toEqual([]);
  expect(made!.path).toBe("red.safetensors");
  const loaded = new Uint8Array(await readFile(new URL("red.safetensors", folder)));
  for (const bytes of [loaded, made!.bytes]) {
    const file = await openSafetensors(bytesSource("red", bytes));
    expect([...file.entries.keys()]).toEqual([expected.token]);
    expect(file.entries.get(expected.token)).toMatchObject({ dtype: expected.dtype, shape: expected.shape });
    expect([...(await file.readFloat32(expected.token))]).toEqual(expected.values);
  }
  // The whole file, so that nothing beside the tensor differs either.
  expect(made!.bytes).toEqual(loaded);
});
