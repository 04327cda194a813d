import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { classWords } from "../../src/cli/class-words.ts";
import { ConfigError, FormatError } from "../../src/errors.ts";

let names = "";
beforeAll(async () => {
  names = join(await mkdtemp(join(tmpdir(), "rog-names-")), "names.json");
});
afterAll(() => rm(join(names, ".."), { recursive: true }));

const labels = ["dreieck", "kreis", "wild_dog"];

async function wordsFrom(listed: unknown): Promise<unknown> {
  await writeFile(names, Buffer.isBuffer(listed) ? listed : JSON.stringify(listed));
  return Object.fromEntries(await classWords([...labels, ...labels], { names }));
}

test("names by label may be of some classes only", async () => {
  const meaning = { hypernym: "shape", definition: "three sides" };
  expect(await wordsFrom({ dreieck: { name: "triangle", ...meaning }, kreis: "circle" })).toEqual({
    dreieck: { name: "triangle", meaning },
    kreis: { name: "circle" },
  });
});

test("a name of no label is refused with file, key and the label that is meant", async () => {
  await expect(wordsFrom({ dreiek: "triangle" })).rejects.toThrow(
    new ConfigError(names, "a label, such as dreieck", "dreiek"),
  );
  // A class's key is no label.
  await expect(wordsFrom({ "wild-dog": "dingo" })).rejects.toThrow(
    new ConfigError(names, "a label, such as wild_dog", "wild-dog"),
  );
  await expect(wordsFrom({ rectangle: "rectangle" })).rejects.toThrow(
    new ConfigError(names, "a label of the source: dreieck, kreis, wild_dog", "rectangle"),
  );
});

test("a file of names may be of more classes where every label has one, and the others are counted", async () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const words = { dreieck: "triangle", kreis: "circle", wild_dog: "dingo" };
    expect(Object.keys((await wordsFrom({ ...words, quadrat: "square" })) as object)).toEqual(labels);
    expect(stderr).toHaveBeenCalledExactlyOnceWith(`${names}: 1 of 4 names are of no class here\n`);
  } finally {
    stderr.mockRestore();
  }
});

test("a field that is not known, an empty name, and a file that is not UTF-8 are refused with file and key", async () => {
  await expect(wordsFrom({ kreis: { name: "circle", hypernim: "shape" } })).rejects.toThrow(
    new ConfigError(`${names}: kreis`, "the field hypernym", "hypernim"),
  );
  await expect(wordsFrom({ kreis: { colour: "red" } })).rejects.toThrow(
    new ConfigError(`${names}: kreis`, "the fields name, hypernym, definition", "colour"),
  );
  await expect(wordsFrom({ kreis: " " })).rejects.toThrow(new ConfigError(`${names}: kreis`, "a name", '" "'));
  await expect(wordsFrom(Buffer.from('{"kreis":"K\u00e4se"}', "latin1"))).rejects.toThrow(
    new FormatError(names, "text in UTF-8", "other bytes"),
  );
});
