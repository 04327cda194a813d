/** Words of the glossary. */
export const glossary = {
  "glossary.question": "What does that word mean?",
  "glossary.lead": "Words that the page uses, each in a sentence or two.",
  "glossary.search": "Find",
  "glossary.found": "{found} of {all} words",
  "glossary.related": "See also:",
} as const;
