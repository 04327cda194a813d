/** Words of this place. */
export const runs = {} as const;
