/** A control for retrieval: pictures drawn at random from the same pool, whatever they show, with the class's label. */
import { RandomStream, retrieval, simplePrompt, type Method } from "retrieve-or-generate";

const method: Method = {
  id: "random-from-pool",
  draws: [],
  amount: retrieval.amount,
  produce: async ({ key, name, count }, { index, embedTexts, poolImage }, { seed }) => {
    const random = new RandomStream(seed, `random-from-pool/${key}`);
    const rows = random.shuffle(Array.from({ length: index.size }, (_, row) => row)).slice(0, count);
    const query = await embedTexts([simplePrompt(name)]);
    const images = rows.map((row, rank) => {
      const { id, image, columns } = poolImage(row);
      const similarity = index.vector(row).reduce((sum, value, i) => sum + value * query[i]!, 0);
      return { id, image, provenance: { kind: "retrieved" as const, pool: id, similarity, rank, ...columns } };
    });
    return { images, funnel: { asked: count, kept: images.length }, shortfall: count - images.length };
  },
};

export default { method, label: "+ drawn at random from the pool", family: "retrieval" };
