/** Words of this place. */
export const make = {} as const;
