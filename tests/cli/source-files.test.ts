import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sourceFiles } from "../../src/cli/source-files.ts";
import { gather } from "../../src/data/import/gather.ts";
import { tarEnd, tarMember } from "../../src/data/tar-writer.ts";
import { FormatError } from "../../src/errors.ts";
import { concat, tarOf, utf8 } from "../data/import/archives.ts";
import { colourCodec } from "../data/import/sources.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-sources-"));
});
afterEach(() => rm(folder, { recursive: true }));

const place = (path: string): string => join(folder, path);

async function lay(path: string, bytes: Uint8Array = utf8(path)): Promise<void> {
  await mkdir(join(place(path), ".."), { recursive: true });
  await writeFile(place(path), bytes);
}

async function pathsOf(...sources: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of sourceFiles(sources.map(place))) found.push(path);
  return found;
}

test("sources of one name that hold files of one path are refused by the names of both", async () => {
  for (const path of ["a/photos/cat/1.png", "b/photos/cat/1.png", "b/photos/cat/2.png"]) await lay(path);
  expect(await pathsOf("a/photos", "b/photos/cat")).toHaveLength(4);
  const refused = pathsOf("a/photos", "b/photos");
  await expect(refused).rejects.toThrow(FormatError);
  const [one, other] = ["a", "b"].map((name) => place(`${name}/photos/cat/1.png`));
  await expect(refused).rejects.toThrow(
    `photos/cat/1.png: expected one file of this path in all sources, got ${one!} and ${other!}`,
  );
});

test("archives of one name in a folder, and a folder beside its archive, are refused by the members' names", async () => {
  await lay("all/a.zip", zipSync({ "cat/1.png": utf8("1") }));
  await lay("all/a.tar", concat(tarMember("cat/1.png", utf8("2")), tarEnd()));
  await expect(pathsOf("all")).rejects.toThrow(
    `a/cat/1.png: expected one file of this path in all sources, got ${place("all/a.tar")}: cat/1.png and ` +
      `${place("all/a.zip")}: cat/1.png`,
  );
  await lay("other/a.zip", zipSync({ "cat/1.png": utf8("1") }));
  await lay("other/a/cat/1.png");
  await expect(pathsOf("other")).rejects.toThrow(FormatError);
});

test("folders are listed with a slash: those on the disk, and those that archives list", async () => {
  await mkdir(place("all/dog"), { recursive: true });
  await mkdir(place("all/.git/refs"), { recursive: true });
  await lay("all/cat/1.png");
  expect(await pathsOf("all")).toEqual(["cat/", "cat/1.png", "dog/"]);
  await lay("some.zip", zipSync({ "owl/": new Uint8Array(0), "cat/1.png": utf8("1"), "__MACOSX/": new Uint8Array(0) }));
  expect(await pathsOf("some.zip")).toEqual(["owl/", "cat/1.png"]);
  await lay("some.tar", tarOf({ name: "./", type: "5" }, { name: "./owl", type: "5" }, { name: "./cat/1.png" }));
  expect(await pathsOf("some.tar")).toEqual(["owl/", "cat/1.png"]);
});

test("members of one of several archives lie below its name, wherever it lies on the disk", async () => {
  for (const split of ["train", "val"]) await lay(`test/imagenet-${split}-000000.tar`, tarOf({ name: "1.png" }));
  const paths = await pathsOf("test/imagenet-train-000000.tar", "test/imagenet-val-000000.tar");
  expect(paths).toEqual(["imagenet-train/000000/1.png", "imagenet-val/000000/1.png"]);
});

test("links in a folder are followed, to files, folders and archives, and below a followed folder", async () => {
  for (const path of ["store/cats/1.png", "store/deep/2.png"]) await lay(path);
  await lay("store/more.zip", zipSync({ "3.png": utf8("3") }));
  await mkdir(place("set/dog"), { recursive: true });
  await symlink(place("store/cats"), place("set/cat"));
  await symlink(place("store/cats/1.png"), place("set/dog/4.png"));
  await symlink(place("store/more.zip"), place("set/owl.zip"));
  await symlink("../deep", place("store/cats/deep"));
  expect(await pathsOf("set")).toEqual([
    ...["cat/", "cat/1.png", "cat/deep/", "cat/deep/2.png"],
    ...["dog/", "dog/4.png", "owl/3.png"],
  ]);
});

test("links that lead nowhere or round in a circle are left out with the reason", async () => {
  await lay("set/cat/1.png");
  await symlink(place("gone"), place("set/dog"));
  await symlink("self.png", place("set/cat/self.png"));
  await symlink("..", place("set/cat/up"));
  await symlink("../..", place("set/cat/out"));
  const found = [];
  for await (const file of sourceFiles([place("set")])) found.push("reason" in file ? file : file.path);
  const reason = "a link to a folder that it lies in";
  expect(found).toEqual([
    ...["cat/", "cat/1.png", { path: "cat/out", reason }],
    { path: "cat/self.png", reason: "a link that leads to itself" },
    { path: "cat/up", reason },
    { path: "dog", reason: "a link to a file that is not there" },
  ]);
  const { leftOut, pictures } = await gather(sourceFiles([place("set")]), colourCodec, { resolution: 2, where: "set" });
  expect([pictures.size, leftOut.length]).toEqual([0, 5]);
});
