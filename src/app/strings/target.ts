/** Words of this place. */
export const target = {} as const;
