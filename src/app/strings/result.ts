/** Words of this place. */
export const result = {} as const;
