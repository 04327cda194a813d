/** Numbers as people read them; files never pass through here. */

import { digitsOf, type Interval } from "../experiment/statistics.ts";

/** The locale of all numbers, dates and lists on the page. */
const locale = "en";

const decimals = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const byDigits = [0, 1, 2, 3].map(decimals);

/** A number with so many digits after the point (0 to 3). */
export function numberText(value: number, digits = 0): string {
  return byDigits[digits]!.format(value);
}

/** A share as a percentage without its sign: 0.4613 is "46.1". */
export function percentText(share: number, digits = 1): string {
  return numberText(100 * share, digits);
}

/** A number's text with a minus sign for its hyphen. */
export function withMinus(text: string): string {
  return text.replace("-", "−");
}

const signed = [1, 2, 3, 4].map(
  (digits) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: "exceptZero",
    }),
);

/** A difference of shares in percentage points with its sign: "+2.0", "−5.4". */
export function pointsText(share: number, digits = 1): string {
  return withMinus(signed[digits - 1]!.format(100 * share));
}

/** An interval's ends in percentage points, in digits that tell an end beside zero from zero. */
export function endsText(ends: Pick<Interval, "low" | "high">): { readonly low: string; readonly high: string } {
  const digits = digitsOf(ends);
  return { low: pointsText(ends.low, digits), high: pointsText(ends.high, digits) };
}

/** A difference with its interval's ends, all in the same digits. */
export function intervalTexts(interval: Interval): {
  readonly mean: string;
  readonly low: string;
  readonly high: string;
} {
  return { mean: pointsText(interval.mean, digitsOf(interval)), ...endsText(interval) };
}

const units = [
  ["h", 3600],
  ["min", 60],
] as const;

/** A time span in words: "45 s", "8 min", "1 h 20 min". */
export function durationText(seconds: number): string {
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${numberText(Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = units.map(([unit], i) => `${[hours, rest][i]!} ${unit}`);
  if (hours === 0) return parts[1]!;
  return rest === 0 ? parts[0]! : parts.join(" ");
}

/** Bytes in the unit that suits them: "1.4 MB". */
export function bytesText(bytes: number): string {
  const step = bytes < 1e6 ? 1e3 : bytes < 1e9 ? 1e6 : 1e9;
  const unit = step === 1e3 ? "kB" : step === 1e6 ? "MB" : "GB";
  return `${numberText(bytes / step, bytes < step ? 1 : step === 1e3 ? 0 : 1)} ${unit}`;
}

const dates = new Intl.DateTimeFormat(locale, { dateStyle: "long" });

/** The day of an ISO 8601 time: "26 November 2026". */
export function dateText(iso: string): string {
  return dates.format(new Date(iso));
}

const times = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });

/** Day and time, where several things of a day are told apart. @param iso ISO 8601 */
export function timeText(iso: string): string {
  return times.format(new Date(iso));
}

const lists = new Intl.ListFormat(locale, { type: "conjunction" });

/** Words as a list: "a, b, and c". */
export function listText(words: readonly string[]): string {
  return lists.format(words);
}
