/** Words of the credits. */
export const credits = {
  "credits.question": "Who drew the pictures, and what may be done with them?",
  "credits.lead":
    "Real, retrieved and generated pictures all go back to icons that these people drew and gave away under free licences.",
  "credits.table": "Sources of the world's icons",
  "credits.missing": "The credits cannot be read: {path} is not where the page is served.",
  "credits.unreachable":
    "The credits cannot be read now: the server does not answer, and {path} is not among what this browser keeps of the page.",
} as const;
