/** Words of the start. */
export const start = {
  "start.question": "More training images: generate them, or retrieve them?",
  "start.lead":
    "A classifier needs more training images than there are. A diffusion model can draw some. But that model learned from a large collection of captioned images, and one can simply look there. Which helps more?",
  "start.how":
    "This page finds out by running it: it makes the images, looks the others up, trains a classifier on each mixture and counts what each gets right. Go through the steps with the recorded run, or let this device make its own.",
  "start.look": "Look at the recorded run",
  "start.device": "This device",
  "start.gpu": "This browser can use a graphics processor: {name}.",
  "start.software":
    "This browser emulates a graphics processor ({name}). Everything works, but slowly, so the page shows the recorded run unless you ask for more.",
  "start.none": "This browser cannot run the experiment itself: {reason}. Every step works with the recorded run.",
  "start.browsers":
    "Live runs need WebGPU: current versions of Chrome, Edge, Safari and Firefox have it where they may use the graphics processor.",
  "start.checking": "Looking for a graphics processor…",
  "start.measure": "Measure its speed",
  "start.measuring": "Measuring, about a second…",
  "start.speed": "A matrix product runs at {gflops} billion operations a second.",
  "start.slower":
    "A laptop's graphics processor is taken to do about {assumed} billion: this device is about {times}× slower.",
  "start.run": "Run it here",
  "start.run.lead":
    "Each of these makes its own images and trains its own classifiers on this device. A run can be paused, stopped and taken up again; nothing finished is lost.",
  "start.preset.demo": "Demo",
  "start.preset.demo.what": "4 classes, 4 kinds of training set, 2 classifiers each.",
  "start.preset.lesson": "Lesson",
  "start.preset.lesson.what": "10 classes, 8 kinds of training set, 3 classifiers each.",
  "start.preset.full": "Full",
  "start.preset.full.what": "All 24 classes, all 16 kinds of training set, 5 classifiers each. For hours, with pauses.",
  "start.preset.link": "This link's run",
  "start.preset.link.what": "“{name}”: {classes}, kinds of training set: {kinds}, classifiers each: {n}, seed: {seed}.",
  "start.preset.link.fields": "All that the link sets",
  "start.preset.link.caption": "Its fields and their values, as a spec's file has them",
  "start.preset.link.field": "Field",
  "start.preset.link.value": "Value",
  "start.classes": "{count} classes",
  "start.classes.all": "all classes",
  "start.time": "Takes {low} to {high} here, by the speed that was measured.",
  "start.time.unknown": "Measure this device's speed to see how long it would take.",
  "start.chosen":
    "With the {count} kinds of training set that you ticked at “Sources” instead; the time is for the preset's own.",
  "start.download": "Downloads up to {size} once, and keeps it.",
  "start.go": "Run {name}",
  "start.anyway": "Run {name} anyway",
  "start.fleeting":
    "This browser keeps nothing for the page here, as in a frame of another site or a private window: a run and its downloads last as long as the page is open.",
  "start.own-tab": "Open the page in a tab of its own",
  "start.unfinished": "Unfinished runs",
  "start.unfinished.one": "{name}, {classes}, begun {date}",
  "start.go-on": "Go on with {name}",
  "start.locked": "This link's set-up is locked.",
} as const;
