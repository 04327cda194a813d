/** Words of this place. */
export const storage = {} as const;
