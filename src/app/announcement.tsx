import { useEffect, useState } from "preact/hooks";

/** What a live region said last. */
export interface Said {
  readonly phase: string;
  readonly text: string;
  /** When, in milliseconds as `Date.now` has them. */
  readonly at: number;
}

/** What goes on is told no more often than this. */
const announceEveryMs = 15_000;

/** How long the next words of a phase have to wait, in milliseconds: another phase is told at once. */
export function waitMs(said: Said, phase: string, now: number): number {
  return phase === said.phase ? Math.max(0, said.at + announceEveryMs - now) : 0;
}

/** Whether there is something to say: of what is done it is said once. */
export function isNews(said: Said, phase: string, text: string): boolean {
  const wasDone = phase === "done" && said.phase === "done" && said.text !== "";
  return text !== said.text && !wasDone;
}

/** Tells what goes on to those who do not see it: the latest words, now or when it is their time. */
export const Announcement = ({ phase, text }: Pick<Said, "phase" | "text">) => {
  const [said, say] = useState<Said>({ phase, text: "", at: 0 });
  useEffect(() => {
    if (!isNews(said, phase, text)) return;
    const timer = setTimeout(() => say({ phase, text, at: Date.now() }), waitMs(said, phase, Date.now()));
    return () => clearTimeout(timer);
  }, [phase, text, said]);
  return (
    <p class="for-ears" aria-live="polite">
      {said.text}
    </p>
  );
};
