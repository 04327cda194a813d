/** Words of this place. */
export const teacher = {} as const;
