/** Words of this place. */
export const glossary = {} as const;
