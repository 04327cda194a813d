/** Words of the log. */
export const log = {
  "log.question": "What happened, and when?",
  "log.lead":
    "A run tells of each stage and each finished unit, of notes, losses and every reading of the test set. Nothing of it is edited.",
  "log.source": "Whose events",
  "log.source.page": "Of the runs since this page was opened",
  "log.source.run": "Of the run that the page shows",
  "log.no-events": "The run that the page shows came without its events.",
  "log.stage": "Stage",
  "log.all": "All stages",
  "log.text": "With the text",
  "log.download": "Download these {count} as JSONL",
  "log.found": "{found} of {all} events",
  "log.caption": "Events, the oldest first; times in UTC",
  "log.time": "Time",
  "log.event": "Event",
  "log.unit": "Unit",
  "log.details": "Details",
  "log.more": "Show more ({shown} of {count} are shown)",
} as const;
