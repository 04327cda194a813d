/** A method of one's own: retrieve pictures of the class, then vary each by noise and denoising with the class's prompt. */
import { generateDrafts, retrieval, severalForEachReal, simplePrompt, type Method } from "retrieve-or-generate";

/** Share of the schedule that retrieved pictures are noised to. */
const noiseLevel = 0.5;

const method: Method = {
  id: "retrieve-then-vary",
  // What of the spec decides its images beside the seed: a change of these makes them anew.
  draws: ["generator", "retrieval"],
  amount: severalForEachReal,
  produce: async (request, sources, options) => {
    const wanted = Math.ceil(request.count / 3);
    const found = await retrieval.produce({ ...request, count: wanted }, sources, { seed: options.seed });
    if (!found || found.images.length === 0) return found;
    const drafts = Array.from({ length: request.count }, (_, sample) => {
      const { image, provenance } = found.images[sample % found.images.length]!;
      const from = provenance.kind === "retrieved" ? provenance.pool : "";
      return { prompt: simplePrompt(request.fullName), sample, start: image, from };
    });
    return generateDrafts("retrieve-then-vary", request, drafts, sources, options, { noiseLevel });
  },
};

export default { method, label: "+ retrieved and varied", family: "retrieval" };
