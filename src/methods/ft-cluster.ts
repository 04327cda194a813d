/** FT conditioning with several conditionings a class, one for each cluster of its pictures. */
import type { Image } from "../data/image.ts";
import { splitRows } from "../data/rows.ts";
import { clusterRows, nearestCentre } from "../retrieval/clusters.ts";
import type { AdaptedClass } from "./adapted.ts";
import { conditioningLesson, learnAndPack, unpackLearned } from "./adapted.ts";
import { firstPrompt } from "./conditionings.ts";
import { generateDrafts, severalForEachReal } from "./generated.ts";
import type { LearnGroup, Method, Sources } from "./method.ts";

const id = "ft-cluster";

/**
 * The class's real pictures are clustered by their CLIP embeddings; each cluster's conditioning is learned from its pictures,
 * and stopped by the validation pictures nearest to it. The images' clusters follow the real pictures', so they are in
 * proportion to the clusters' sizes.
 *
 * Burg et al. 2023, section 3.1, method 6; the paper clusters embeddings of Inception v3.
 */
export const ftCluster: Method = {
  id,
  draws: ["generator"],
  amount: severalForEachReal,
  adapt: async (classes, sources, options) => {
    const { clusters, ...own } = sources.settings[id];
    const found = [];
    for (const request of classes) found.push(await clusterGroups(request, clusters, sources, options.seed));
    const groups = found.flatMap((one) => one.groups);
    const notes = new Map(found.map(({ key, clusterOf }) => [`clusters/${key}`, JSON.stringify(clusterOf)]));
    return learnAndPack(id, groups, own, conditioningLesson, sources, options, notes);
  },
  produce: async (request, sources, options) => {
    const { rows, notes } = await unpackLearned(request.adapted!);
    const clusterOf = JSON.parse(notes.get(`clusters/${request.key}`)!) as number[];
    const drafts = Array.from({ length: request.count }, (_, sample) => {
      const conditioning = rows.get(groupKey(request.key, clusterOf[sample % clusterOf.length]!))!;
      return { prompt: firstPrompt(request), conditioning, sample };
    });
    return await generateDrafts(id, request, drafts, sources, options);
  },
};

const groupKey = (key: string, cluster: number): string => `${key}/${String(cluster)}`;

/** A class's clusters as groups, and the cluster of each of its real pictures. */
async function clusterGroups(
  request: AdaptedClass,
  wanted: number,
  sources: Sources,
  seed: number,
): Promise<{ readonly key: string; readonly groups: readonly LearnGroup[]; readonly clusterOf: readonly number[] }> {
  const { key, classIndex } = request;
  const images = sources.realImages(classIndex).map(({ image }) => image);
  const validation = sources.validationImages(classIndex);
  const { clusterOf, centres } = clusterRows(await rowsOf(images, sources), wanted, seed);
  const nearest = (await rowsOf(validation, sources)).map((row) => nearestCentre(row, centres));
  const groups = centres.map((_, cluster) => {
    const near = validation.filter((__, i) => nearest[i] === cluster);
    return {
      key: groupKey(key, cluster),
      images: images.filter((__, i) => clusterOf[i] === cluster),
      validation: near.length > 0 ? near : validation,
      start: firstPrompt(request),
    };
  });
  return { key, groups, clusterOf };
}

async function rowsOf(images: readonly Image[], sources: Sources): Promise<Float32Array[]> {
  const all = await sources.embedImages(images);
  return splitRows(all, all.length / images.length);
}
