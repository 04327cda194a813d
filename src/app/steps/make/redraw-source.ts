/** What a class's picture was drawn from, and what its pictures were looked up by, so that both can be done again. */
import { conditionIds, conditionOf } from "../../../experiment/conditions.ts";
import type { Spec } from "../../../experiment/spec.ts";
import type { RunView } from "../../runs/run-view.ts";
import { t } from "../../strings.ts";
import { finishedLane, type Lane, type LanePicture, type NamedClass } from "./lanes.ts";

/** What can be changed of a drawing. */
export interface DrawSettings {
  readonly prompt: string;
  readonly guidance: number;
  readonly seed: number;
  readonly steps: number;
}

/** A picture of the run with its lane. */
export interface RunPicture {
  readonly lane: Lane;
  readonly picture: LanePicture;
}

/** How a run's picture was drawn; without such a picture, how one would be. */
export interface DrawSource {
  readonly settings: DrawSettings;
  readonly sample: number;
  /** Of the noise. */
  readonly stream: string;
  readonly sampler: Spec["generator"]["sampler"];
  readonly resolution: number;
  readonly recorded: RunPicture | null;
  /** Which picture that is: the one that is looked at, the first of the lane that is shown, or the first of another method. */
  readonly which: "looked" | "shown" | "first";
}

const specOf = ({ results }: RunView): Spec => results.spec as Spec;

/** A class's name in prompts and queries, as the run words it. */
function wordedName(view: RunView, name: string): string {
  return specOf(view).classNames === "without-spaces" ? name.replace(/\s+/gu, "") : name;
}

/** Methods whose prompt is all that the denoiser is told: what they draw can be drawn without learning anything first. */
function drawsFromPrompt(id: string): boolean {
  const known = conditionIds().find((condition) => condition === id);
  return known !== undefined && conditionOf(known).family === "prompt";
}

/**
 * What to draw again for a class: the picture that is looked at where it came from a prompt alone, else the first that did,
 * of the lane that is shown or of any other method.
 *
 * @param shown the method whose generated lane is shown
 * @param looked the key of the picture that is looked at, with its lane, which need not be shown any more
 */
export function drawSource(
  view: RunView,
  of: NamedClass,
  shown: string | null,
  looked: { readonly lane: string; readonly key: string } | null,
): DrawSource {
  const { generator, seed, world } = specOf(view);
  const { guidance, steps, sampler } = generator;
  const ids = [shown, ...view.results.production.map(({ id }) => id)];
  for (const id of ids) {
    const lane = id !== null && drawsFromPrompt(id) ? finishedLane(view, id, of.key) : null;
    const isShown = lane?.id === shown;
    const chosen = lane?.pictures.find(({ key }) => isShown && looked?.lane === lane.id && key === looked.key);
    const picture = chosen ?? lane?.pictures[0];
    if (!lane || !picture) continue;
    const { prompt, sample, seed: drawnWith } = picture.provenance;
    if (typeof prompt !== "string" || typeof sample !== "number" || typeof drawnWith !== "number") continue;
    const settings = { prompt, guidance, seed: drawnWith, steps };
    return {
      ...{ settings, sample, sampler, stream: `${lane.id}/${of.key}` },
      ...{ resolution: world.resolution, recorded: { lane, picture } },
      which: chosen ? "looked" : isShown ? "shown" : "first",
    };
  }
  const prompt = t("look.query.default", { name: wordedName(view, of.name) });
  return {
    ...{ settings: { prompt, guidance, seed, steps }, sample: 0, sampler, stream: `redraw/${of.key}` },
    ...{ resolution: world.resolution, recorded: null, which: "first" },
  };
}

/** The settings that differ, in the order of the form. */
export function changedSettings(now: DrawSettings, before: DrawSettings): readonly (keyof DrawSettings)[] {
  return (["prompt", "guidance", "seed", "steps"] as const).filter((name) => now[name] !== before[name]);
}

/** How a run looks a class up. */
export interface LookSource {
  readonly query: string;
  /** Cosine above which two pictures are the same. */
  readonly duplicates: number;
  readonly pool: Spec["world"]["pool"];
  readonly resolution: number;
  readonly recorded: Lane | null;
}

/** The paper's threshold, where a run's own is not recorded. */
const usualThreshold = 0.94;

/** What to look up again for a class: what plain retrieval asks. */
export function lookSource(view: RunView, of: NamedClass): LookSource {
  const { retrieval, audit, world } = specOf(view);
  // Both thresholds come from one calibration, and the audit's is recorded.
  const calibrated = audit.threshold === "calibrate" ? view.results.audit?.measures[0]?.threshold : undefined;
  const duplicates = retrieval.duplicates === "calibrate" ? (calibrated ?? usualThreshold) : retrieval.duplicates;
  const query = t("look.query.default", { name: wordedName(view, of.name) });
  return {
    ...{ query, duplicates, pool: world.pool, resolution: world.resolution },
    recorded: finishedLane(view, "retrieval", of.key),
  };
}

/**
 * Numbers of the steps that a strip shows, spread evenly; the last is always one of them.
 *
 * @param most of them
 */
export function stripSteps(of: number, most: number): readonly number[] {
  const count = Math.min(of, most);
  return Array.from({ length: count }, (_, i) => Math.round(((i + 1) * of) / count));
}
