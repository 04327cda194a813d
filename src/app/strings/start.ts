/** Words of this place. */
export const start = {} as const;
