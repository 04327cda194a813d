/** Small choices that outlast a visit; the page works without them. */
import { effect, signal, type Signal } from "@preact/signals";

const prefix = "retrieve-or-generate:";

/**
 * A signal that this browser remembers as JSON, where it lets pages remember things.
 *
 * @param name unique on the page
 * @param byDefault where nothing is remembered, or nothing that can be read
 */
export function remembered<T>(name: string, byDefault: T): Signal<T> {
  const value = signal(recall(name, byDefault));
  effect(() => keep(name, value.value));
  return value;
}

function recall<T>(name: string, byDefault: T): T {
  try {
    const text = localStorage.getItem(prefix + name);
    return text === null ? byDefault : (JSON.parse(text) as T);
  } catch {
    // A browser that blocks storage, or a value that someone else wrote.
    return byDefault;
  }
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // The choice lasts as long as the page then.
  }
}
