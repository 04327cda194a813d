/** Words of the result. */
export const result = {
  "result.question": "Which extra images helped most?",
  "result.real": "10 % real",
  "result.headline.none": "This run added no images, so there is nothing to compare.",
  "result.headline.single":
    "{best} images have the highest accuracy, {mean} %, but with one classifier each nothing can be said of the difference.",
  "result.headline.no-reference":
    "{best} images have the highest mean accuracy, {mean} %; this run has no retrieved images to compare them with.",
  "result.headline.alone": "Retrieved images, the only ones that this run added, reach {mean} %.",
  "result.headline.retrieval":
    "Retrieved images helped most: {mean} % of the test pictures right, separable from every other method at n = {n}.",
  "result.headline.retrieval-open":
    "Retrieved images have the highest mean accuracy, {mean} %, but at n = {n} these cannot be told from them: {others}.",
  "result.headline.retrieval-open-all":
    "Retrieved images have the highest mean accuracy, {mean} %, but at n = {n} no other method can be told from them.",
  "result.headline.above":
    "{best} images have the highest mean accuracy, {mean} %, and are above retrieved ones, {retrieved} % (a gap of {gap} points, 95 % interval {low} to {high}, n = {n}).",
  "result.headline.open":
    "{best} images have the highest mean accuracy, {mean} %, but at n = {n} they cannot be told from retrieved ones, {retrieved} % (a gap of {gap} points, 95 % interval {low} to {high}).",
  "result.headline.real": "Against 10 % real alone that is {gap} points, 95 % interval {low} to {high}: {words}.",
  "result.headline.holm":
    "Counted as one of all comparisons with retrieval, its p-value is {p} (Holm), so this lead may be luck.",
  "result.drawn": "Drawn as",
  "result.drawn.dots": "dots",
  "result.drawn.bars": "bars from zero",
  "result.around": "Around each mean",
  "result.around.se": "standard error",
  "result.around.t": "95 % t interval",
  "result.around.seeds": "every classifier",
  "result.sets": "Sets used",
  "result.sets.of": "{n} of {all}",
  "result.sets.only": "Every condition was trained on {all} sets, so there are no fewer to choose.",
  "result.sets.one": "Every condition was trained once, so there is no interval to draw.",
  "result.chart":
    "Top-1 accuracy on the test set, in per cent, of classifiers trained on 10 % real pictures with and without added images; {around}. The gap to retrieval is paired by set and seed.",
  "result.chart.se": "around each mean one standard error, n = {n}",
  "result.chart.t": "around each mean its 95 % t interval, n = {n}",
  "result.chart.seeds": "a ring for every classifier, n = {n}",
  "result.chart.hatched": "Hatched: real pictures that nobody has to spare, a bound and not a method.",
  "result.chart.clipped": "An arrow: the interval reaches beyond the axis, which stays as it is for all {all} sets.",
  "result.chart.reference": "The dashed line is the mean of retrieved images.",
  "result.mark": "{name}, {mean} percent, {se}n {n}{real}",
  "result.mark.se": "standard error {se}, ",
  "result.mark.above": ", {points} above 10 % real",
  "result.mark.below": ", {points} below 10 % real",
  "result.head.condition": "Training set",
  "result.head.top1": "Top-1, %",
  "result.head.gap": "Gap to retrieval",
  "result.head.overlap": "Set overlap",
  "result.head.se": "SE",
  "result.head.n": "n",
  "result.head.seeds": "Each classifier",
  "result.head.interval": "95 % t interval",
  "result.head.gap95": "Gap to retrieval, points [95 %]",
  "result.head.words": "In words",
  "result.head.p": "p alone",
  "result.head.holm": "p, Holm",
  "result.head.bootstrap": "Gap to retrieval, bootstrap [95 %]",
  "result.head.real": "Gap to 10 % real, points [95 %]",
  "result.head.real-bootstrap": "Gap to 10 % real, bootstrap [95 %]",
  "result.head.share": "Share of the way, %",
  "result.score.se": "{mean} ± {se}",
  "result.score.t": "{mean} [{low}, {high}]",
  "result.score.seeds": "{mean} ({low} to {high})",
  "result.interval": "{mean} [{low}, {high}]",
  "result.range": "[{low}, {high}]",
  "result.reference": "the reference",
  "result.single": "one classifier: no interval",
  "result.no-retrieval": "no retrieval to compare with",
  "result.none": "–",
  "result.p.small": "< 0.001",
  "result.flips": "What fewer sets would have said",
  "result.flips.all":
    "With all {all} sets, {open} of {gaps} gaps to retrieval are not separable. Move “Sets used” to fewer and watch which sentences turn.",
  "result.flips.few":
    "With the first {n} of {all} sets, {open} of {gaps} gaps to retrieval are not separable; with all of them, {openAll}.",
  "result.flips.none": "No sentence turns.",
  "result.flips.one": "{name}: “{few}” with {n} sets, “{all}” with all.",
  "result.flips.equal": "“Not separable” never means “equal”: it means that n classifiers cannot tell.",
  "result.predicted": "Your prediction, revealed",
  "result.predicted.none":
    "You gave no order before you saw this result, so there is nothing to reveal. Before the next run, order the methods in",
  "result.predicted.few":
    "Your prediction and this run share fewer than two conditions, so there is no order to compare.",
  "result.predicted.tau":
    "Kendall τ = {tau}. Pairs that you put in the order of the means: {right} of {pairs}. 1 is the same order, −1 its reverse, 0 what guessing gives on average.",
  "result.predicted.tied": " Pairs of equal means, which count as neither right nor wrong: {tied}.",
  "result.predicted.told":
    "Only {told} of these pairs can be told apart at n = {n}; of those you had {toldRight} right. The order within the others is partly luck.",
  "result.predicted.told-all": "This run tells all of these pairs apart.",
  "result.predicted.told-none": "None of these pairs can be told apart at n = {n}: the measured order is partly luck.",
  "result.predicted.yours": "You predicted",
  "result.predicted.measured": "Measured",
  "result.predicted.mean": "{mean} %",
  "result.predicted.ask": "What surprised you?",
  "result.compare": "This run, and what others found",
  "result.compare.lead":
    "Same conditions, other pictures, networks and numbers of classes: compare the order and the gains, not the heights.",
  "result.compare.caption":
    "Mean top-1 in per cent ± standard error, n, and in brackets the gain over 10 % real of the same source, in points.",
  "result.compare.run": "{classes} classes, world “{world}”",
  "result.compare.paper": "{title}, {classes} classes, {place}",
  "result.compare.cell": "{score}, n = {n}",
  "result.compare.cell-unknown": "{score}",
  "result.compare.gain": "({gain})",
  "result.compare.like":
    "The order of the paper's means and of this run's agree with Kendall τ = {tau} over the {shared} kinds of added images that both have.",
  "result.compare.paper-only": "The shown run is the recorded one; a live run would stand beside it here.",
  "result.overlap": "How different are the sets?",
  "result.overlap.text":
    "Each of the {all} sets is drawn anew from a method's images. “Set overlap” is the share of images that two sets have in common: at 1 all sets are the same, and the interval tells of the training alone, not of the draw.",
  "result.overlap.one": "{name}: {overlap}, {distinct} different images.",
  "result.overlap.short": "Too few images in {classes}.",
  "result.share": "How far towards real pictures?",
  "result.share.text":
    "As many real pictures again are the bound. 0 % of the way is 10 % real alone, 100 % is 20 % real; below 0 the images did harm.",
  "result.share.one": "{name}: {share} % of the way",
  "result.share.open":
    "In this run the bound itself is not separable from 10 % real ({mean} points, {low} to {high}), so these shares say little.",
  "result.share.none": "This run lacks 10 % real or 20 % real, so there is no way to measure along.",
} as const;
