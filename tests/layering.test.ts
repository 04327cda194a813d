import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** A name that may stand in code only under some paths; comments do not count. */
const homes: readonly { readonly name: RegExp; readonly allowed: RegExp }[] = [
  { name: /\bGPUDevice\b/, allowed: /^src\/(backends\/webgpu\/|cli\/(node-device|rest-while-waiting)\.ts$)/ },
  { name: /\bindexedDB\b|["']idb-keyval["']/, allowed: /^src\/storage\/idb\.ts$/ },
  {
    name: /\bdocument\.(createElement|getElement|querySelector|body|head|title|documentElement|cookie|addEventListener)/,
    allowed: /^src\/app\//,
  },
  { name: /["']node:/, allowed: /^src\/(cli\/|storage\/files\.ts$|backends\/cuda\/)/ },
  // Which lane a student sees first is no part of any result.
  { name: /\bMath\.random\b|\bgetRandomValues\b/, allowed: /^src\/app\/steps\/make\/choices\.ts$/ },
];

const sourceFiles = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name).split(sep).join("/"));

const files = [...sourceFiles("src"), ...sourceFiles("workers")];

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "");

describe("layering", () => {
  test("there are source files to look at", () => {
    expect(files).toContain("src/errors.ts");
    expect(files).toContain("src/cli/node-device.ts");
  });

  test.each(homes.map(({ name, allowed }) => [name.source, name, allowed] as const))(
    "%s stands only where the design says",
    (_source, name, allowed) => {
      const outside = files
        .filter((file) => !allowed.test(file) && name.test(withoutComments(readFileSync(join(root, file), "utf8"))))
        .map((file) => relative(root, join(root, file)));
      expect(outside).toEqual([]);
    },
  );

  test("GPUDevice is found where it must be, so the search does see names", () => {
    expect(readFileSync(join(root, "src/cli/node-device.ts"), "utf8")).toMatch(/\bGPUDevice\b/);
  });
});
