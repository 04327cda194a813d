/** Words of this place. */
export const report = {} as const;
