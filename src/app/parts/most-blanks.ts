/** Empty squares at most that stand for pictures which are not shown; words beside them say how many there are. */
export const mostBlanks = 90;
