/** Small choices that outlast a visit; the page works without them. */
import { effect, signal, type Signal } from "@preact/signals";

const prefix = "retrieve-or-generate:";

/** What reads each remembered value anew, by its name in the browser's storage. */
const readings = new Map<string, () => void>();

/**
 * A signal that this browser remembers as JSON, where it lets pages remember things.
 *
 * @param name unique on the page
 * @param byDefault where nothing is remembered, or nothing that can be read
 */
export function remembered<T>(name: string, byDefault: T): Signal<T> {
  const key = prefix + name;
  const value = signal(recall(key, byDefault));
  /** The value that storage is known to hold: what another tab wrote is not written back over what it writes next. */
  let held: T | undefined;
  readings.set(key, () => {
    held = recall(key, byDefault);
    value.value = held;
  });
  effect(() => {
    if (value.value !== held) keep(key, value.value);
    held = value.value;
  });
  return value;
}

/** Takes over what other tabs remember from now on, so that this one does not write over it what it knew before. */
export function followOtherTabs(page: EventTarget = globalThis): void {
  page.addEventListener("storage", (event) => {
    const { key } = event as StorageEvent;
    // Without a key all of it was cleared.
    for (const [known, readAgain] of readings) if (key === null || key === known) readAgain();
  });
}

function recall<T>(key: string, byDefault: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? byDefault : (JSON.parse(text) as T);
  } catch {
    // A browser that blocks storage, or a value that someone else wrote.
    return byDefault;
  }
}

function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The choice lasts as long as the page then.
  }
}
