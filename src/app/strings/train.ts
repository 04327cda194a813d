/** Words of this place. */
export const train = {} as const;
