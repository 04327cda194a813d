/** Words of this place. */
export const about = {} as const;
