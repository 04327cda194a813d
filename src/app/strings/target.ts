/** Words of the target. */
export const target = {
  "target.question": "What is the classifier to learn, and from how little?",
  "target.lead":
    "It is shown a picture and has to name one of {classes} classes. To learn that, it gets {real} real pictures: a tenth of those that there are to learn from. Every method adds to these.",
  "target.lead.uncounted":
    "It is shown a picture and has to name one of {classes} classes. To learn that, it gets a tenth of the real pictures that there are to learn from. Every method adds to these.",
  "target.classes": "The classes",
  "target.classes.lead": "Choose one to look at. It stays chosen in the next steps.",
  "target.class.name": "{class}, {count} pictures",
  "target.class.count": "{count} pictures",
  "target.class.only": "Class",
  "target.no-gallery":
    "The shown run was made before runs kept their pictures, so there are none of them here and no counts for each class. Choose another run above.",
  "target.tenth": "What 10 % looks like",
  "target.tenth.box":
    "If all pictures to learn from were these ten boxes, the classifier would open the first: {real} pictures.",
  "target.tenth.more":
    "The second box holds as many again. It is opened only for the bound, “20 % real”, which has {more} pictures in all: it shows what more real pictures would be worth, but somebody who needs more does not have them.",
  "target.wall": "All that it sees of “{class}”",
  "target.wall.shown":
    "The class has {total} pictures. {shown} of them are shown; an empty square stands for each other one.",
  "target.wall.all": "The class has {total} pictures, and these are all of them.",
  "target.wall.further": "and {count} more",
  "target.imbalance": "How many of each",
  "target.imbalance.caption":
    "The largest class, “{largest}”, has {most} pictures: {ratio} times as many as the smallest, “{smallest}”, which has {least}.",
  "target.imbalance.equal": "All classes have {most} pictures.",
  "target.imbalance.why":
    "The study keeps this imbalance: a class gets added pictures in proportion to its real ones, so that no method wins by evening the classes out.",
  "target.imbalance.class": "Class",
  "target.imbalance.count": "Real pictures",
  "target.locked": "What it never learns from",
  "target.locked.lead":
    "Two further sets of real pictures are kept apart. No method and no classifier is ever trained on them.",
  "target.validation": "Validation",
  "target.validation.what":
    "{count} pictures. They are looked at while a method or a classifier learns, only to decide when it stops and which of its states is kept.",
  "target.test": "Test",
  "target.test.what":
    "{count} pictures. Each finished classifier reads them once, when nothing about it can be changed any more. The result comes from them alone.",
  "target.audit": "Added images are compared with both sets, to find copies among them; nothing is learned from that.",
  "target.uncounted": "Not counted",
  "target.excluded": "Left out everywhere",
  "target.excluded.one": "{class}: {reason}",
} as const;
