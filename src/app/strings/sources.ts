/** Words of this place. */
export const sources = {} as const;
