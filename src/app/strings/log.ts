/** Words of this place. */
export const log = {} as const;
