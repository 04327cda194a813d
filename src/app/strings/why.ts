/** Words of this place. */
export const why = {} as const;
