/** Words of the storage. */
export const storage = {
  "storage.question": "What does this browser keep, and how much of it?",
  "storage.lead":
    "Networks, pictures and runs lie in this browser, on this device, so that a run can go on after a reload and the next one downloads nothing.",
  "storage.reading": "Asking the browser…",
  "storage.used": "This page uses {used}, by the browser's own estimate.",
  "storage.used-of":
    "This page uses {used} of the {quota} that the browser allows it ({share} %), by its own estimate.",
  "storage.meter": "Share of the allowed space that is used",
  "storage.files": "Files of networks and pictures: {count}",
  "storage.runs": "Runs: {count}. See",
  "storage.persistence": "How long it stays",
  "storage.persistent": "The browser has promised not to clear it on its own.",
  "storage.fleeting": "The browser may clear it when space on the device runs short, all of it at once.",
  "storage.persist": "Ask the browser to keep it",
  "storage.persist.granted": "The browser keeps it from now on.",
  "storage.persist.refused":
    "The browser did not agree. Some do once the page was used for a while or is bookmarked; a run can be saved as a bundle at any time.",
  "storage.downloads": "Downloads",
  "storage.downloads.lead":
    "Each file was checked against its hash when it came, and is checked at every visit that uses it. Here all of it can be checked at once, or cleared: a live run then downloads it again.",
  "storage.verify": "Check everything",
  "storage.verifying": "Checking…",
  "storage.nothing": "There is nothing yet that could be checked.",
  "storage.verified": "{checked} files were read, and each is what it was.",
  "storage.damaged":
    "{damaged} of {checked} files were not what they were. They have been let go of, and are made or downloaded again when a run needs them:",
  "storage.clear": "Clear the downloads",
  "storage.clear.question": "Clear {count} files? The next live run downloads them again.",
  "storage.clear.yes": "Yes, clear them",
  "storage.cleared": "The downloads are cleared; runs stayed.",
  "storage.kept": "Runs",
  "storage.no-runs": "This browser keeps no run.",
  "storage.removed": "{id} is removed.",
} as const;
