/** Words of the trainings. */
export const train = {
  "train.question": "What did the classifiers learn from them?",
  "train.lead":
    "For each source of images the same small classifier is trained, several times, each time on another set. Loss says how wrong it still is on what it learns from; validation accuracy, how often it is right on pictures that it never learns from.",
  "train.rule":
    "A training ends when validation accuracy has not risen for {stop} epochs, or after {most}. The weights of the best epoch are kept: what comes after it is thrown away.",
  "train.predict-first":
    "Validation accuracy is not the result, but it hints at it. If you want to predict the order, do that first:",
  "train.no-curves": "The shown run has not kept how its classifiers learned.",
  "train.curves": "Learning curves",
  "train.legend.set": "one classifier",
  "train.legend.mean": "mean, as long as all are trained",
  "train.legend.kept": "epoch whose weights were kept",
  "train.legend.learned": "mean accuracy on the training pictures, as they are cropped",
  "train.loss": "Training loss",
  "train.validationAccuracy": "Validation accuracy, %",
  "train.epoch": "Epoch",
  "train.set": "set {set}",
  "train.mean": "mean",
  "train.table.loss": "Loss, {name}",
  "train.table.accuracy": "Validation, %, {name}",
  "train.table.learned": "Training, %, {name}",
  "train.table.kept": "{share} (kept)",
  "train.message": "Kept: epochs {kept}, of {lengths} trained. Validation accuracy there is {mean} % on average.",
  "train.message.one": "Kept: epoch {kept}, of {lengths} trained. Validation accuracy there is {mean} %.",
  "train.message.unknown": "{lengths} epochs trained.",
  "train.waits": "Waiting: none of its classifiers is finished yet.",
  "train.live":
    "Curves grow by an epoch at a time, and by one more classifier each time that one is finished. The bar below pauses and stops the run.",
  "train.live.before":
    "No classifier of the run is finished yet: its images come first. The first curve appears here by itself.",
  "train.live.now": "Training now: {name}, set {set}",
  "train.live.rising": "Epoch {epoch}: the best validation accuracy yet, {best} %.",
  "train.live.patience":
    "Epoch {epoch}: validation accuracy {now} %. The best yet is epoch {bestEpoch}'s, {best} %. If none becomes better, the training ends after epoch {end}.",
  "train.live.patience.unknown":
    "Epoch {epoch}: validation accuracy {now} %. The best yet is epoch {bestEpoch}'s, {best} %.",
  "train.live.skip": "End this training",
  "train.live.skip.what":
    "The epoch that was best so far is kept, and the run goes on with the next classifier. The report names what you ended.",
  "train.live.matrix":
    "Who is taken for whom, on the {count} validation pictures after epoch {epoch}, in per cent of the true class. The diagonal is right; it fills as the classifier learns. The test set scores the classifier at the end of the run.",
  "train.confusion": "Who is taken for whom?",
  "train.confusion.none": "The shown run has not kept its confusions.",
  "train.confusion.closed":
    "This table is of the test set, so it tells a part of the result. Once you open it, your prediction for this run stays as it is now.",
  "train.confusion.open": "Open the table",
  "train.confusion.condition": "Trained on",
  "train.confusion.caption":
    "{name}: what the test pictures of each true class were taken for, in per cent of the class, over {n} classifiers. The diagonal is right.",
  "train.confusion.true": "True class",
  "train.confusion.predicted": "Taken for",
  "train.confusion.count": "{count} predictions",
  "train.confusion.worst":
    "Most often confused: “{truth}” is taken for “{predicted}” in {share} % of its test pictures.",
  "train.confusion.right": "No test picture was taken for another class.",
} as const;
