/** Words that the page uses and a student may not know. */

/** One word. */
export interface GlossaryEntry {
  readonly term: string;
  /** One or two sentences. */
  readonly text: string;
  /** Terms of other entries. */
  readonly related: readonly string[];
}

/** All words, in alphabetical order. */
export const glossaryEntries: readonly GlossaryEntry[] = [
  {
    term: "ambiguity",
    text: "A class name that means more than one thing: “papillon” is a dog, and French for butterfly. Searches and prompts then bring pictures of the wrong thing.",
    related: ["prompt", "retrieval"],
  },
  {
    term: "audit",
    text: "The search for copies of validation and test pictures among the added images. Its threshold lets about one unrelated picture in a hundred through, more where held-out pictures are many or a class's are alike, so flags are no proof: look at the pairs.",
    related: ["cosine similarity", "leak", "near-duplicate"],
  },
  {
    term: "augmentation",
    text: "Adding images to a training set in the hope that the classifier learns more. Here the added ones are generated or retrieved, as many as there are real ones.",
    related: ["generation", "resampled set", "retrieval"],
  },
  {
    term: "CLIP",
    text: "A pair of networks that turn pictures and texts into vectors, trained so that a picture and its caption lie close together. It lets a text search pictures.",
    related: ["cosine similarity", "embedding", "retrieval"],
  },
  {
    term: "conditioning",
    text: "The table of numbers that tells the denoiser what to draw. Usually a prompt is turned into it; some methods learn it directly.",
    related: ["denoiser", "fine-tuning", "prompt"],
  },
  {
    term: "confidence interval",
    text: "A range made by a recipe that catches the true mean in 95 of 100 repeated experiments. With few runs it is wide: at n = 2 it reaches 12.7 standard errors to each side, at n = 5 it reaches 2.8.",
    related: ["not separable", "standard error"],
  },
  {
    term: "confusion matrix",
    text: "A table of true class against predicted class. Its diagonal holds what was right; a bright square elsewhere is a pair of classes that the classifier mixes up.",
    related: ["top-1 accuracy"],
  },
  {
    term: "cosine similarity",
    text: "How much two vectors point the same way: 1 for the same direction, 0 for unrelated ones, −1 for opposite ones.",
    related: ["embedding", "nearest neighbour"],
  },
  {
    term: "coverage",
    text: "The share of real pictures that have an added one near them. Low coverage: the added images leave out part of what the class looks like.",
    related: ["density", "diversity", "recall"],
  },
  {
    term: "denoiser",
    text: "The network at the heart of a diffusion model: it looks at a noisy image and estimates the noise in it. Here it is a U-Net.",
    related: ["diffusion model", "U-Net"],
  },
  {
    term: "density",
    text: "How many real pictures' neighbourhoods an added image lies in, on average, divided by the five neighbours that make one. High density: the added images lie where real ones are thick.",
    related: ["coverage", "precision"],
  },
  {
    term: "diffusion model",
    text: "A model that makes an image out of pure noise by taking a little of the noise away again and again. It learned this by estimating the noise that had been added to real pictures.",
    related: ["denoiser", "generation", "guidance", "latent"],
  },
  {
    term: "diversity",
    text: "How unlike each other the added images are. Measured as the Vendi score, the effective number of different images of a class, divided by how many there are.",
    related: ["coverage", "embedding"],
  },
  {
    term: "early stopping",
    text: "Ending a training when validation accuracy has not improved for a fixed number of epochs. The best state is kept, not the last.",
    related: ["epoch", "over-fitting", "plateau", "validation set"],
  },
  {
    term: "embedding",
    text: "A list of numbers, a vector, that stands for a picture, a text or a word, made so that similar things get similar vectors.",
    related: ["CLIP", "cosine similarity"],
  },
  {
    term: "epoch",
    text: "One pass of a training through all of its pictures.",
    related: ["early stopping", "plateau"],
  },
  {
    term: "fine-tuning",
    text: "Training a finished model a little more on other data, here on the few real pictures of a class. All of its weights may change, or only a small part such as the conditioning. Names of methods shorten it to FT.",
    related: ["conditioning", "over-fitting", "textual inversion"],
  },
  {
    term: "funnel",
    text: "The steps from pictures asked for to pictures kept: found, unique, allowed, kept. It shows where they were lost.",
    related: ["near-duplicate", "retrieval"],
  },
  {
    term: "generation",
    text: "Making new images with a model. In this lab, with a diffusion model that learned from the pool.",
    related: ["diffusion model", "pool", "retrieval"],
  },
  {
    term: "guidance",
    text: "A number that says how strongly an image must follow its prompt. High guidance gives clearer images that are more alike; at 1 there is none.",
    related: ["diffusion model", "diversity", "prompt"],
  },
  {
    term: "Holm",
    text: "A rule for asking several questions of the same data: it makes each p-value stricter, so that a lucky find among many comparisons is not taken for a result.",
    related: ["not separable", "p-value"],
  },
  {
    term: "Kendall τ",
    text: "How alike two orders are: the share of pairs in the same order minus the share in opposite order. It is 1 for the same ranking, −1 for the reverse, and 0 on average for guessing.",
    related: ["not separable"],
  },
  {
    term: "latent",
    text: "A small, compressed form of an image in which the diffusion model works. A VAE makes it and turns it back into pixels.",
    related: ["diffusion model", "VAE"],
  },
  {
    term: "leak",
    text: "A validation or test picture, or a copy of one, among the training pictures. The classifier then seems better than it is.",
    related: ["audit", "near-duplicate", "test set"],
  },
  {
    term: "near-duplicate",
    text: "A picture that is almost another one: cropped, resized, recoloured. It takes a place in the set and adds little.",
    related: ["cosine similarity", "funnel", "leak"],
  },
  {
    term: "nearest neighbour",
    text: "The picture whose vector is most similar to a given one. Retrieval takes the k nearest of a text.",
    related: ["cosine similarity", "retrieval"],
  },
  {
    term: "not separable",
    text: "The interval of a difference holds zero, so this many runs cannot tell the two apart. It does not say that they are equal. “No spread” means that all runs differ by exactly the same amount, as few runs on few test pictures may: then nothing says how far chance reaches.",
    related: ["confidence interval", "paired difference"],
  },
  {
    term: "over-fitting",
    text: "Learning the training pictures by heart instead of what they have in common: training accuracy goes on rising while validation accuracy stands still or falls.",
    related: ["early stopping", "validation set"],
  },
  {
    term: "overlap (Jaccard)",
    text: "How much two sets have in common: what is in both, divided by what is in either. Sets that overlap a lot give classifiers that are too alike, and errors that are too small.",
    related: ["resampled set", "standard error"],
  },
  {
    term: "p-value",
    text: "How often chance alone would give a difference at least this large if there were none. It is not the chance that there is none.",
    related: ["Holm", "paired difference"],
  },
  {
    term: "paired difference",
    text: "The difference of two conditions taken set by set, with the same seed, and then averaged. Luck that both share cancels, so the interval is often narrower.",
    related: ["confidence interval", "seed"],
  },
  {
    term: "plateau",
    text: "Epochs in which validation accuracy does not improve. The learning rate is then divided by ten, and later the training ends.",
    related: ["early stopping", "epoch"],
  },
  {
    term: "pool",
    text: "The captioned pictures that the diffusion model learned from. Retrieval searches the same pool, so both sides have the same source.",
    related: ["generation", "retrieval", "target"],
  },
  {
    term: "precision",
    text: "The share of added images that lie near real ones. Low precision: many added images look like nothing in the class.",
    related: ["density", "recall"],
  },
  {
    term: "prompt",
    text: "The text that says what to draw or to search for, such as “A photo of cat.”",
    related: ["conditioning", "guidance", "pseudo-word"],
  },
  {
    term: "pseudo-word",
    text: "A made-up word whose vector was learned from a class's pictures. It stands in prompts like any other word.",
    related: ["embedding", "textual inversion"],
  },
  {
    term: "real-10 and real-20",
    text: "Ten and twenty per cent of the real training pictures. The first is what everybody starts from, the second is the bound: what as many more real pictures would give.",
    related: ["augmentation", "target"],
  },
  {
    term: "recall",
    text: "The share of real pictures that lie near added ones. Low recall: the added images show only some of what the class looks like. An audit's recall is the share of known copies that it finds.",
    related: ["audit", "coverage", "precision"],
  },
  {
    term: "resampled set",
    text: "One random draw of added images from all that a method produced, as many as there are real ones. Each of the n sets trains one classifier.",
    related: ["overlap (Jaccard)", "seed", "standard error"],
  },
  {
    term: "retrieval",
    text: "Searching a pool for pictures that match a text, here by CLIP. Nothing new is drawn.",
    related: ["CLIP", "funnel", "nearest neighbour", "pool"],
  },
  {
    term: "seed",
    text: "A number from which all random numbers of a run follow. The same seed gives the same run again.",
    related: ["paired difference", "resampled set"],
  },
  {
    term: "software adapter",
    text: "A program that does a graphics processor's work on the ordinary processor. Results are right, but it is many times slower.",
    related: ["WebGPU"],
  },
  {
    term: "standard error",
    text: "How far a mean of n runs would typically be from the mean of very many: the spread of the runs divided by √n.",
    related: ["confidence interval", "not separable"],
  },
  {
    term: "target",
    text: "The labelled pictures of the task: some train, some validate, the rest test. Only a tenth of the training pictures is used.",
    related: ["pool", "real-10 and real-20", "test set", "validation set"],
  },
  {
    term: "test set",
    text: "Pictures that score each finished classifier once, at the end. The leak audit looks at them too; no setting is ever chosen by them.",
    related: ["leak", "target", "validation set"],
  },
  {
    term: "textual inversion",
    text: "Learning one new word for a class from its pictures while the diffusion model stays as it is.",
    related: ["fine-tuning", "pseudo-word"],
  },
  {
    term: "top-1 accuracy",
    text: "The share of test pictures whose most likely class, according to the classifier, is the right one.",
    related: ["confusion matrix", "test set"],
  },
  {
    term: "U-Net",
    text: "A network that shrinks an image step by step, enlarges it again, and passes details across between equal sizes. The denoiser is one.",
    related: ["denoiser"],
  },
  {
    term: "VAE",
    text: "A pair of networks that presses an image into a small latent and unfolds it again. What it loses in doing so, no diffusion model that works on its latents can give back.",
    related: ["latent"],
  },
  {
    term: "validation set",
    text: "Pictures that decide during training: when to slow down, when to stop, which state to keep. They neither train nor test.",
    related: ["early stopping", "test set"],
  },
  {
    term: "WebGPU",
    text: "The way in which a web page may compute on the graphics processor. Everything live on this page runs through it.",
    related: ["software adapter"],
  },
];

/** A term as the end of an address: "Kendall τ" → "kendall-τ". */
export function termAnchor(term: string): string {
  return term
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
