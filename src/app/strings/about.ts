/** Words about the paper. */
export const about = {
  "about.question": "What did the paper ask, and what did it find?",
  "about.lead":
    "This page repeats, at a size that fits a browser, the experiment of a paper: when a classifier needs more training images, generate them with a diffusion model, or retrieve them from what that model was trained on?",
  "about.open-review": "The paper, its reviews and its licence on OpenReview",
  "about.arxiv": "The paper on arXiv",
  "about.read-from": "What is quoted here was read from {source}.",
  "about.findings": "What it found, in this project's words",
  "about.at": "({place})",
  "about.numbers": "Its numbers",
  "about.numbers.lead":
    "Quoted, and marked as the paper's wherever they appear. The gaps are computed here from the means and their errors, as for independent runs; the paper's own pairing by set is not published, so a paired interval may be narrower.",
  "about.setting":
    "Training pictures: {training}. Test: {test}. {classes} classes; left out because retrieval found too few pictures: {excluded}.",
  "about.table": "{title}: top-1 accuracy in per cent ± standard error",
  "about.condition": "Training set",
  "about.top1": "Top-1, %",
  "about.n": "n",
  "about.gap": "Gap to retrieval",
  "about.place": "Where",
  "about.baseline": "Real pictures alone",
  "about.score": "{mean} ± {error}",
  "about.unsaid": "not said",
  "about.none": "–",
  "about.n.implied": "{n}, implied",
  "about.remarks": "What this project noticed",
  "about.here": "What is different here",
  "about.here.text":
    "The page's world is made of drawn icons with captions, 32 pixels a side, and its diffusion model was trained on just that pool. So the question is the paper's, the numbers are not: compare orders and gaps, never one accuracy with the other. Each run's report lists where it departs from the paper's protocol.",
} as const;
