import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { run as data } from "../../src/cli/data.ts";
import { openWorld } from "../../src/cli/open-lab.ts";
import { run as pool } from "../../src/cli/pool.ts";
import type { OwnWorldManifest } from "../../src/data/world.ts";
import { ConfigError, MissingError } from "../../src/errors.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-own-data-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const colours = { cat: [200, 40, 40], dog: [40, 40, 200] } as const;

/** A picture of a class: its colour with a bright column, wider than high. */
function photo(label: keyof typeof colours, i: number, format: "png" | "jpeg" | "webp" = "png"): Promise<Buffer> {
  const [r, g, b] = colours[label];
  const bar = { input: { create: { width: 2, height: 40, channels: 3 as const, background: "white" } } };
  const image = sharp({ create: { width: 60, height: 40, channels: 3, background: { r, g, b } } });
  return image
    .composite([{ ...bar, left: 12 + i, top: 0 }])
    .toFormat(format)
    .toBuffer();
}

/** Runs a verb without a word, and gives what it would have said on stderr. */
async function silently(work: () => Promise<unknown>): Promise<string> {
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockReturnValue(true));
  try {
    await work();
    return spies[1]!.mock.calls.map(([text]) => String(text)).join("");
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test("a folder of labelled pictures and a zip of captioned ones become a world that a run opens", async () => {
  const world = join(folder, "world");
  for (const label of ["cat", "dog"] as const) {
    await mkdir(join(folder, "photos", label), { recursive: true });
    for (let i = 0; i < 20; i++)
      await writeFile(join(folder, "photos", label, `${String(i)}.jpg`), await photo(label, i, "jpeg"));
  }
  await writeFile(join(folder, "photos", "cat", "broken.png"), (await photo("cat", 3)).subarray(0, 100));
  await writeFile(join(folder, "photos", "cat", "moving.gif"), "GIF89a");
  const archive = {
    "web/a.webp": new Uint8Array(await photo("cat", 30, "webp")),
    "web/a.txt": new TextEncoder().encode("my cat"),
    "web/blue-dog_1.png": new Uint8Array(await photo("dog", 31)),
  };
  await writeFile(join(folder, "web.zip"), zipSync(archive));

  await silently(() => data(["import", join(folder, "photos"), "-o", world, "--resolution", "16"]));
  await expect(openWorld(world)).rejects.toThrow(
    new MissingError(world, "the pool", `\`rog pool import SOURCE -o ${world}\` imports it`),
  );
  await silently(() => pool(["import", join(folder, "web.zip"), "-o", world, "--resolution", "16"]));

  const opened = await openWorld(world);
  expect(opened.dataset.classes).toEqual([
    { key: "cat", name: "cat" },
    { key: "dog", name: "dog" },
  ]);
  expect(opened.dataset.samples).toHaveLength(40);
  expect(opened.pool.entries.map(({ caption, captionKind }) => [caption, captionKind])).toEqual([
    ["my cat", "text file"],
    ["blue dog", "file name"],
  ]);
  expect(Array.from(opened.pool.pixels.subarray(16 * 16 * 3, 16 * 16 * 3 + 3))).toEqual([...colours.dog]);
  const manifest = JSON.parse(await readFile(join(world, "world.json"), "utf8")) as {
    imports: { target: { leftOut: { path: string; reason: string }[] } };
  };
  const { leftOut } = manifest.imports.target;
  expect(leftOut.map(({ path }) => path).sort()).toEqual(["cat/broken.png", "cat/moving.gif"]);
});

test("errors of a world name its folder, and the commands that import what is missing", async () => {
  const [photos, world] = [join(folder, "few photos"), join(folder, "a world")];
  await mkdir(photos, { recursive: true });
  for (let i = 0; i < 3; i++) await writeFile(join(photos, `${String(i)}.png`), await photo("cat", i));
  const imports = "`rog data import` and `rog pool import` make it";
  await expect(openWorld(world)).rejects.toThrow(new MissingError(world, "world.json", imports));
  await expect(data(["inspect", world])).rejects.toThrow(new MissingError(world, "world.json", imports));
  await expect(pool(["inspect", world, "more"])).rejects.toThrow(
    new ConfigError("rog pool inspect", "one world's folder", `${world} more`),
  );
  const built = join(folder, "mini");
  await expect(openWorld(built)).rejects.toThrow(new MissingError(built, "world.json", "`npm run world` builds it"));

  const said = await silently(() => pool(["import", photos, "-o", world]));
  const command = `rog data import SOURCE -o '${world}'`;
  expect(said).toContain(`next: ${command}, for the target\n`);
  await expect(openWorld(world)).rejects.toThrow(new MissingError(world, "the target", `\`${command}\` imports it`));

  await cp(join(folder, "world"), join(folder, "moved"), { recursive: true });
  await writeFile(join(folder, "moved", "target.rgb"), "x");
  await expect(openWorld(join(folder, "moved"))).rejects.toThrow(
    `${join(folder, "moved")}: target.rgb: expected sha256`,
  );
});

test("the same source gives the same world, and a picture lying on its side is turned as EXIF says", async () => {
  const upright = await photo("cat", 5);
  const lying = await sharp(upright).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 100 }).toBuffer();
  for (const [name, bytes] of [
    ["upright", upright],
    ["lying", lying],
  ] as const) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, "a.jpg"), bytes);
    await silently(() => pool(["import", join(folder, name), "-o", join(folder, `${name}-world`)]));
  }
  const [one, other] = await Promise.all(
    ["upright", "lying"].map((name) => readFile(join(folder, `${name}-world`, "pool.rgb"))),
  );
  const difference = one!.reduce((sum, value, i) => sum + Math.abs(value - other![i]!), 0) / one!.length;
  expect(difference).toBeLessThan(8); // JPEG
});

test("a world says which sources it was imported from, where they are several", async () => {
  const sources = ["red", "blue"].map((name) => join(folder, "several", name));
  for (const [i, source] of sources.entries()) {
    await mkdir(source, { recursive: true });
    await writeFile(join(source, "a.png"), await photo(i === 0 ? "cat" : "dog", i));
  }
  await silently(() => pool(["import", ...sources, "-o", join(folder, "several-world")]));
  const manifest = JSON.parse(await readFile(join(folder, "several-world", "world.json"), "utf8")) as OwnWorldManifest;
  expect(manifest.imports.pool).toMatchObject({ name: "red, blue", pictures: 2 });
});

test("what cannot be imported says why, and leaves the world as it was", async () => {
  const failing = (args: readonly string[]): Promise<unknown> => silently(() => data(["import", ...args]));
  await expect(failing([join(folder, "nowhere"), "-o", join(folder, "w")])).rejects.toThrow(MissingError);
  await expect(failing([join(folder, "photos")])).rejects.toThrow("rog data import: expected --out WORLD, got nothing");
  await mkdir(join(folder, "empty", "owl"), { recursive: true });
  await writeFile(join(folder, "empty", "owl", "notes.txt"), "soon");
  await expect(failing([join(folder, "empty"), "-o", join(folder, "w")])).rejects.toThrow(/empty: expected pictures/);
  await writeFile(join(folder, "bad.zip"), zipSync({ "../../etc/passwd": new Uint8Array(3) }));
  await expect(failing([join(folder, "bad.zip"), "-o", join(folder, "w")])).rejects.toThrow(/without \.\./);
  await expect(readFile(join(folder, "w", "world.json"))).rejects.toThrow(/ENOENT/);
  const photos = join(folder, "photos");
  const again = [photos, "-o", join(folder, "world"), "--resolution", "32"];
  await expect(failing(again)).rejects.toThrow("--resolution: expected 16, as the world has, got 32");
  await expect(failing([photos, "-o", join(folder, "w"), "--test", "2"])).rejects.toThrow(
    "--test: expected a number in",
  );
  for (const seed of ["1.5", "-1"])
    await expect(failing([photos, "-o", join(folder, "w"), `--seed=${seed}`])).rejects.toThrow(
      new ConfigError("--seed", "a whole number from 0 up", seed),
    );
  for (const side of ["0", "31.5", "33", "1024"])
    await expect(failing([photos, "-o", join(folder, "w"), "--resolution", side])).rejects.toThrow(
      new ConfigError("--resolution", "a multiple of 4 from 16 to 512", side),
    );
});

test("--wordnet gives classes that are called by ImageNet ids their words, where --names gives none", async () => {
  const [photos, nouns] = [join(folder, "imagenet"), join(folder, "wordnet", "dict")];
  for (const [label, id] of [
    ["cat", "n01484850"],
    ["dog", "n02084071"],
  ] as const) {
    await mkdir(join(photos, id), { recursive: true });
    for (let i = 0; i < 20; i++) await writeFile(join(photos, id, `${String(i)}.png`), await photo(label, i));
  }
  const lines = await readFile(join(import.meta.dirname, "../fixtures/wordnet/data.noun-lines.txt"), "latin1");
  const bytes = Buffer.alloc(2_100_000, " ");
  for (const line of lines.split("\n").filter((text) => /^\d{8} /.test(text)))
    bytes.write(`${line}\n`, Number(line.slice(0, 8)), "latin1");
  await mkdir(nouns, { recursive: true });
  await writeFile(join(nouns, "data.noun"), bytes);
  await writeFile(join(folder, "names.json"), '{ "n02084071": "dog" }');

  const args = ["import", photos, "-o", join(folder, "imagenet-world"), "--resolution", "16"];
  const named = ["--names", join(folder, "names.json")];
  await silently(() => data([...args, ...named, "--wordnet", join(folder, "wordnet")]));
  const manifest = JSON.parse(await readFile(join(folder, "imagenet-world", "world.json"), "utf8")) as {
    classes: unknown;
  };
  expect(manifest.classes).toEqual([
    {
      key: "n01484850",
      name: "great white shark, white shark, man-eater, man-eating shark, Carcharodon carcharias",
      meaning: {
        hypernym: "mackerel shark",
        definition: "large aggressive shark widespread in warm seas; known to attack humans",
      },
    },
    {
      key: "n02084071",
      name: "dog",
      meaning: { hypernym: "canine, canid", definition: expect.stringMatching(/^a member .* occurs in many breeds$/) },
    },
  ]);

  const failing = (...more: readonly string[]): Promise<unknown> => silently(() => data([...args, ...more]));
  await expect(failing("--wordnet", join(folder, "nowhere"))).rejects.toThrow(/nowhere: WordNet 3\.0's data\.noun/);
  const cats = ["import", join(folder, "photos"), "-o", join(folder, "w"), "--wordnet", join(nouns, "data.noun")];
  await expect(silently(() => data(cats))).rejects.toThrow(
    "--wordnet: expected labels that are ImageNet ids, such as n01484850, got cat, dog",
  );
});
