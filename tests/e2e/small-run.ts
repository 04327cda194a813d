import type { Page } from "playwright";
import { encodeConfig } from "../../src/app/config-code.ts";

/** A run that is small enough for the browser's software adapter. */
export const smallSpec = {
  name: "page-test",
  world: { resolution: 16 },
  classes: ["red", "green"],
  conditions: ["real-10", "clip-prompts", "retrieval"],
  generator: { steps: 2, guidance: 2, batch: 4 },
  production: { factor: 1 },
  sets: { n: 2 },
  retrieval: { duplicates: 1 },
  train: { batch: 8, maxEpochs: 2, stop: 2, net: { block: "basic", depths: [1], width: 4, stem: "cifar" } },
} as const;

/** The part of a link after the address, which offers a spec's run at Start. */
export const linkOf = (spec: object): string => `#step=start&v=1&c=${encodeConfig(spec)}`;

/** Waits until a page's job is in a phase. */
export const phase = (page: Pick<Page, "waitForSelector">, wanted: string): Promise<unknown> =>
  page.waitForSelector(`.job[data-phase=${wanted}]`, { timeout: 240_000 });
