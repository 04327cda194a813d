/** Words of this place. */
export const settings = {} as const;
