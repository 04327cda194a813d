/** Pictures of a prompt, drawn at once and watched. */
import { ConfigError } from "../src/errors.ts";
import { joinBytes } from "../src/data/bytes.ts";
import type { SamplingStep } from "../src/methods/method.ts";
import type { RunNetworks } from "../src/experiment/run-networks.ts";
import type { Redrawn, RedrawRequest, RedrawStep } from "./redraw-api.ts";

/** Pictures of one request: they are sampled at once. */
const mostPictures = 64;

/**
 * Draws a request's pictures.
 *
 * @returns null when the signal stopped it
 * @throws ConfigError when a value is out of range
 */
export async function redraw(
  networks: RunNetworks,
  request: RedrawRequest,
  { signal, onStep }: { readonly signal: AbortSignal; readonly onStep: (step: RedrawStep) => void },
): Promise<Redrawn | null> {
  requireValues(request);
  const { prompt, guidance, seed, steps, count, first = 0, stream = "redraw", sampler = "ddim" } = request;
  const generator = await networks.generator({ sampler, steps, guidance, batch: count });
  try {
    const drafts = Array.from({ length: count }, (_, i) => ({ prompt, sample: first + i }));
    const tell = async (step: SamplingStep): Promise<void> => {
      onStep(await previewOf(step));
    };
    const images = await generator.generate(drafts, stream, { seed, signal, onStep: tell });
    if (images.length < count) return null;
    const { width, height } = images[0]!;
    return { width, height, images: joinBytes(images.map(({ data }) => data)) };
  } finally {
    await generator.dispose();
  }
}

async function previewOf({ step, of, preview }: SamplingStep): Promise<RedrawStep> {
  const previews = await preview();
  const { width, height } = previews[0]!;
  return { step, of, width, height, previews: joinBytes(previews.map(({ data }) => data)) };
}

function requireValues({ guidance, seed, steps, count, first = 0 }: RedrawRequest): void {
  const whole = (name: string, value: number, low: number, high: number): void => {
    if (!Number.isInteger(value) || value < low || value > high)
      throw new ConfigError(`redraw ${name}`, `a whole number from ${String(low)} to ${String(high)}`, String(value));
  };
  whole("steps", steps, 1, 999);
  whole("count", count, 1, mostPictures);
  whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  whole("first", first, 0, 2 ** 31);
  if (!(guidance >= 1)) throw new ConfigError("redraw guidance", "a number >= 1", String(guidance));
}
