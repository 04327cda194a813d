import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { indexModels } from "../../src/cli/index-models.ts";
import { run } from "../../src/cli/model.ts";
import { ConfigError, IntegrityError, MissingError } from "../../src/errors.ts";
import { modelFiles } from "../../src/experiment/lab-networks.ts";
import { writeFiles } from "../experiment/tiny-files.ts";
import { randomModels, tinyConfigs } from "../experiment/tiny-models.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rog-model-"));
  await writeFiles(folder, await randomModels(tinyConfigs));
  await indexModels(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function printed(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(await run(args)).toBe(0);
  const text = write.mock.calls.map(([piece]) => String(piece)).join("");
  write.mockRestore();
  return text;
}

test("inspect prints a line a network, and the same as JSON", async () => {
  const text = await printed("inspect", folder);
  expect(text).toMatch(/^pictures {4}16 px, latents 8 × 8 × 4\n/);
  for (const file of [modelFiles.clip, modelFiles.vae, modelFiles.unet]) expect(text).toContain(file);
  const report = JSON.parse(await printed("inspect", folder, "--json")) as { networks: { parameters: number }[] };
  for (const { parameters } of report.networks) expect(text).toContain(`${parameters.toLocaleString("en")} parameters`);
});

test("verify says what it looked at, and refuses a changed file", async () => {
  expect(await printed("verify", folder)).toMatch(/: whole: 7 files, \d+ tensors, [\d,]+ numbers\n$/);
  const path = join(folder, modelFiles.unet);
  const bytes = await readFile(path);
  await writeFile(
    path,
    bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)),
  );
  await expect(run(["verify", folder])).rejects.toThrow(IntegrityError);
  await writeFile(path, bytes);
});

test("what cannot be asked is refused", async () => {
  await expect(run(["inspekt", folder])).rejects.toThrow(ConfigError);
  await expect(run(["inspect", folder, "another"])).rejects.toThrow(/one folder/);
  await expect(run(["inspect", join(folder, "nowhere")])).rejects.toThrow(MissingError);
});
