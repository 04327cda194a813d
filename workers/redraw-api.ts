/** What a page may ask of the networks outside a run: pictures of a prompt, and the pool's pictures nearest to a text; types only. */
import type { Spec } from "../src/experiment/spec.ts";

/** Where networks and pool are. */
export interface LiveRequest {
  /** Absolute address, ending with `/`, below which `world/` and `models/` are served. */
  readonly files: string;
  /** Pixels a side, which names the world and its networks. */
  readonly resolution: number;
  /** Keeps what is downloaded, and what is computed of it, in memory alone. */
  readonly inMemory?: boolean;
}

/** Pictures to draw. */
export interface RedrawRequest extends LiveRequest {
  readonly prompt: string;
  /** Classifier-free guidance, at least 1. */
  readonly guidance: number;
  /** With `stream` and a picture's number it decides the picture's noise. */
  readonly seed: number;
  /** Of the sampler. */
  readonly steps: number;
  /** Pictures; at most 64. */
  readonly count: number;
  /** The number of the first; 0 without it. */
  readonly first?: number;
  /** Of the noise; a run's method takes `<method>/<class>`, so that its pictures can be drawn again. One of its own without it. */
  readonly stream?: string;
  /** DDIM without it. */
  readonly sampler?: Spec["generator"]["sampler"];
}

/** The pictures after a step of the sampler, as a linear map of their latents shows them. */
export interface RedrawStep {
  /** From 1 to `of`. */
  readonly step: number;
  readonly of: number;
  /** Pixels of a preview: places of the latents. */
  readonly width: number;
  readonly height: number;
  /** [count, height, width, 3], 8-bit RGB */
  readonly previews: Uint8Array;
}

/** Pictures that were drawn. */
export interface Redrawn {
  readonly width: number;
  readonly height: number;
  /** [count, height, width, 3], 8-bit RGB */
  readonly images: Uint8Array;
}

/** What to look for in the pool. */
export interface LookUpRequest extends LiveRequest {
  readonly query: string;
  /** Pictures wanted; fewer come back where the pool has no more. */
  readonly k: number;
  /** Cosine above which two pictures are the same, of which the nearest to the query stays; 1 keeps them all. */
  readonly duplicates: number;
  /** As a spec's `world.pool` has it; all without it. */
  readonly pool?: Spec["world"]["pool"];
}

/** The pool's pictures that are nearest to a text, best first. */
export interface LookedUp {
  readonly width: number;
  readonly height: number;
  /** [n, height, width, 3], 8-bit RGB */
  readonly images: Uint8Array;
  /** [n], cosines */
  readonly similarities: readonly number[];
  readonly captions: readonly string[];
  readonly ids: readonly string[];
  /** Neighbours that were asked for so that k of them are no duplicates, and those of them that are. */
  readonly asked: number;
  readonly duplicates: number;
  /** `gpu`: by WebGPU, a software adapter included; `cpu`: over the recorded embeddings, where there is no WebGPU. */
  readonly computedOn: "gpu" | "cpu";
}

/** What is done before there is something to see. */
export type LiveProgress =
  | { readonly kind: "download"; readonly path: string; readonly bytes: number }
  /** Pictures of the pool that are embedded: at its first use only, then they are kept. */
  | { readonly kind: "embed"; readonly done: number; readonly total: number };

/**
 * Both take the GPU's turn and end early, with null, by `LabApi.cancel` or when another tab takes the turn over. Listeners are
 * Comlink `proxy`s across threads.
 */
export interface RedrawApi {
  /**
   * Draws pictures of a prompt.
   *
   * @param onStep told after each step of the sampler; watching changes no picture
   * @throws ConfigError when a value is out of range or a run is going on in this worker
   * @throws QuotaError before anything is downloaded when the browser has no room for it
   * @throws AdapterError, DeviceLostError, IntegrityError, MissingError, OutOfMemoryError
   */
  redraw(
    request: RedrawRequest,
    onStep: (step: RedrawStep) => void,
    onProgress?: (progress: LiveProgress) => void,
  ): Promise<Redrawn | null>;
  /**
   * Looks a text up in the pool. Where `checkDevice` finds no device it takes no turn and opens none: the text is read on the
   * processor, and the pool's embeddings are downloaded, as they were recorded.
   *
   * @throws what `redraw` throws; IntegrityError, MissingError when no embeddings of this world and CLIP were recorded
   */
  lookUp(request: LookUpRequest, onProgress?: (progress: LiveProgress) => void): Promise<LookedUp | null>;
}
