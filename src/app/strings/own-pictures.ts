/** Words of the user's own pictures. */
export const ownPictures = {
  "own.title": "Or pictures of your own",
  "own.lead":
    "Put the pictures of each class into a folder named after it, and all of these folders into one folder, or into a zip or tar. It takes 2 to 20 classes and at least 5 pictures of each (PNG, JPEG or WebP); with fewer than about 40 of each, a tenth is next to nothing. They are read in this browser and stay on this device.",
  "own.none": "Runs need WebGPU, which this browser does not offer, so pictures of your own cannot be used here.",
  "own.drop": "Drop a folder, a zip or a tar here, or press to choose a folder",
  "own.archive": "Choose a zip or tar",
  "own.looking": "Looking through the folder…",
  "own.reading": "Reading “{name}”: {done} files",
  "own.reading-of": "Reading “{name}”: {done} of {total} files",
  "own.read": "“{name}” is read: {classes} classes, {images} pictures. Your next runs use them.",
  "own.removed": "“{name}” is removed.",
  "own.problem": "These pictures cannot be used, and nothing of them was kept.",
  "own.use": "Use these pictures in my runs",
  "own.locked": "This lesson's link sets what is run, so runs keep to its classes.",
  "own.summary":
    "{train} to learn from, of which {real} are the tenth that a run begins with; {validation} to validate and {test} to test.",
  "own.table": "“{name}”: {classes} classes",
  "own.class": "Class",
  "own.count": "Pictures",
  "own.left-out": "{count} files left out",
  "own.left-out.one": "{path}: {reason}",
  "own.left-out.more": "and {count} more",
  "own.named": "Runs that use them have “own-{digits}” in their name.",
  "own.remove": "Remove",
  "own.remove.ask": "Remove “{name}”? Finished runs stay; unfinished ones that use it cannot go on.",
  "own.remove.yes": "Remove it",
} as const;
