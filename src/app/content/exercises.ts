/** The nine exercises. Longer keys and the plans that use them are in `docs/lessons/`. */

/** Steps of the story, as they stand in a link. */
export type ExerciseStep = "start" | "target" | "sources" | "make" | "train" | "result" | "why" | "report";

/** One exercise. Answers say how to read whichever result stands on the page; they hold no result. */
export interface Exercise {
  /** 1 to 9. */
  readonly id: number;
  readonly title: string;
  /** For the student. */
  readonly task: string;
  /** Where it begins. */
  readonly step: ExerciseStep;
  /** The short key. */
  readonly answer: string;
  /** What goes beyond the page, in a checkout of the project; none where the page does it all. */
  readonly commands: readonly string[];
  /** Plans, in minutes, that hold it; 90 gives the ninth as homework. */
  readonly plans: readonly (10 | 45 | 90)[];
}

export const exercises: readonly Exercise[] = [
  {
    id: 1,
    title: "Predict the ranking",
    task: "Before you see any result, put the methods in order, the one that you expect to help most first. Write down one reason. Then open the result: how close were you?",
    step: "sources",
    answer:
      "Kendall's τ counts pairs in the right order minus pairs in the wrong order: 1 is the same order, −1 its reverse, 0 what guessing gives on average. Look at the gaps before you judge yourself: where two methods are not separable, their order in this run is partly luck, and a prediction that got only such pairs wrong was not a bad one.",
    commands: [],
    plans: [10, 45, 90],
  },
  {
    id: 2,
    title: "n matters",
    task: "Count only 2 classifiers a condition, then 3, then all of them. Which sentences turn from “not separable” to “above” or “below”, or back? Did the dots move, or the intervals?",
    step: "result",
    answer:
      "Mostly the intervals. At n = 2 a 95 % interval reaches 12.7 standard errors to each side, at n = 3 4.3, at n = 5 2.8, and the standard error itself falls with √n: for the same scatter the interval at n = 5 is seven times narrower than at n = 2. “Not separable” never means “equal”, and a sentence that only holds at one n should not be trusted.",
    commands: [],
    plans: [10, 45, 90],
  },
  {
    id: 3,
    title: "Ambiguity hunt",
    task: "Find the class whose search brings the most pictures of something else. What do they show, and which word is to blame? Say how you would ask instead.",
    step: "why",
    answer:
      "Take the class with the lowest share for itself in the ambiguity map and look at its retrieved lane. If the wrong pictures agree with each other (clock faces for “face”), the word has two meanings, and a more exact query helps; if they are a mixture, the searching network is weak, and no wording helps much. Class names with or without white space is a setting; measure which is better, do not assume it.",
    commands: [
      "npm run -s rog -- run -c specs/mini-all.yaml classes=8 name=spaces 'conditions=[real-10, retrieval]'",
      "npm run -s rog -- run -c specs/mini-all.yaml classes=8 name=no-spaces 'conditions=[real-10, retrieval]' classNames=without-spaces",
    ],
    plans: [45, 90],
  },
  {
    id: 4,
    title: "Found or made?",
    task: "Let a partner show you 20 added images of two classes, five retrieved and five generated of each, without saying which. Note your guess for each. Does a method that fools you give the better classifier?",
    step: "make",
    answer:
      "Guessing gets 10 of 20 right, give or take 2.2; from 15 on it was more than guessing. All pictures of this world are drawn, so the question is not “photo or render” but “found or made”. How real an image looks to you and how much it teaches a classifier are different things: compare the methods' rates of fooling with their accuracies, and note that a handful of methods cannot prove a relation.",
    commands: [],
    plans: [45, 90],
  },
  {
    id: 5,
    title: "The funnel",
    task: "For two methods read the steps from pictures asked for to pictures kept; for two classes compare the empty squares in the retrieved lane. Where are pictures lost? Why would a search have to ask for more in some classes, and what happens to every bar when a class that falls short is left out?",
    step: "make",
    answer:
      "The search asks for 1.4 times as many as it needs, drops near-duplicates and forbidden pictures, and asks for more when too few are left: for classes whose pictures repeat each other or break a rule. The paper lost many to dead links; this world has none, so one round is often enough. A class that still falls short leaves every condition, the baseline too, so all bars move, up if the class was harder than the average and down if it was easier.",
    commands: [
      "npm run -s rog -- run -c specs/mini-all.yaml classes=8 name=growing 'conditions=[real-10, retrieval]' retrieval.factor=1",
      "npm run -s rog -- run -c specs/mini-all.yaml classes=8 name=one-round 'conditions=[real-10, retrieval]' retrieval.factor=1 retrieval.rounds=1",
    ],
    plans: [45, 90],
  },
  {
    id: 6,
    title: "More is more?",
    task: "Look at accuracy with half as many, as many, and up to ten times as many added images as real ones, for retrieval and for a generator. Where does each line level off?",
    step: "why",
    answer:
      "In the paper the generated line levels off and the retrieved one keeps rising. LAION has pictures to spare; this pool does not: once it has no more pictures of a class, every further one shows something else. Read the line against how many pictures of the class the pool holds, and read the band where classes are left out as what could be true, not as noise.",
    commands: [
      "npm run -s rog -- sweep -c specs/mini-all.yaml classes=8 name=mini-scaling 'conditions=[real-10, clip-prompts, retrieval]' sets.draw=best sets.n=3 production.factor=1 --over 'sets.ratio=[0.5, 1, 2, 3, 5, 10]'",
    ],
    plans: [90],
  },
  {
    id: 7,
    title: "Leak hunt",
    task: "Read the audit: how many added images are flagged, and what do the pairs show? Then plant 20 test pictures in a pool of your own. Does the audit find them, and how much accuracy did they buy?",
    step: "why",
    answer:
      "Each measure's threshold flags about one unrelated picture in a hundred, and a few more where held-out pictures are many or a class's are alike, so a flagged share of a few per cent is what no leak at all looks like; judge by the pairs. An exact copy has a similarity of 1 and is always flagged if it was added, but a copy that no search brought up is in nobody's training set. What it bought is the accuracy of the run that only flags minus that of the run that drops, with its interval; 20 pictures among hundreds may well buy too little to be separable.",
    commands: [
      "npm run -s rog -- data import photos/ -o world/leaky",
      "npm run -s rog -- pool import web/ planted/ -o world/leaky",
      "npm run -s rog -- run -c specs/mini-all.yaml name=flagged classes=all --world world/leaky 'conditions=[real-10, retrieval]' audit.action=flag",
      "npm run -s rog -- run -c specs/mini-all.yaml name=dropped classes=all --world world/leaky 'conditions=[real-10, retrieval]' audit.action=drop",
    ],
    plans: [90],
  },
  {
    id: 8,
    title: "Boomerang",
    task: "Compare Boomerang's images with the pictures that they started from, and look at the strip of differences. What is new in them? Explain what you expect for accuracy, then check.",
    step: "why",
    answer:
      "The images are their originals with lost detail: few new shapes, no new angle, no new background, so they mostly show a classifier again what it has. Part of the difference is only the compression to a latent and back. In the paper accuracy falls by 0.9; on the page read the gap to “10 % real”, and if it is not separable say that it neither helped nor harmed as far as n classifiers can tell.",
    commands: [],
    plans: [90],
  },
  {
    id: 9,
    title: "Beat retrieval",
    task: "Combine methods, such as retrieving pictures and then varying them, and beat retrieval. Fair play: no more seconds of computing than the cheapest generator, the same n, and every choice made on the validation set.",
    step: "sources",
    answer:
      "There is no known answer. A good one names its cost in seconds, shows the paired gap to retrieval with its interval, tried its settings on the validation set only, says how many settings it tried, and is not ashamed of “not separable”.",
    commands: [
      "npm run -s rog -- run -c specs/mini-all.yaml classes=8 name=combined 'conditions=[real-10, clip-prompts, retrieval, retrieval-diverse, retrieve-and-generate, real-20]'",
      "npm run -s rog -- run -c specs/mini-all.yaml classes=8 name=varied 'methods=../examples/retrieve-then-vary.ts' 'conditions=[real-10, clip-prompts, retrieval, retrieve-then-vary, real-20]'",
    ],
    plans: [90],
  },
];
