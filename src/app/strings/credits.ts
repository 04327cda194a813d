/** Words of this place. */
export const credits = {} as const;
