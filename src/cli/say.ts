/** A line for whoever watches a verb; its standard output is for data alone. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);
