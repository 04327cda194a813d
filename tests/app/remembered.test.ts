import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followOtherTabs, remembered } from "../../src/app/remembered.ts";

/** What the browser keeps for all tabs, and how often this one wrote to it. */
let kept: Map<string, string>;
let writes: number;

beforeEach(() => {
  kept = new Map();
  writes = 0;
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      writes++;
      kept.set(key, text);
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const keyOf = (name: string): string => `retrieve-or-generate:${name}`;

/** Another tab writes; this one is told. */
const writeElsewhere = (page: EventTarget, name: string, value: unknown): void => {
  kept.set(keyOf(name), JSON.stringify(value));
  page.dispatchEvent(Object.assign(new Event("storage"), { key: keyOf(name) }));
};

test("a choice that another tab made is not written over with what this one knew before", () => {
  const page = new EventTarget();
  followOtherTabs(page);
  const [ids, notes] = [remembered<readonly string[]>("ids", []), remembered("notes", "")];
  ids.value = ["a"];
  writeElsewhere(page, "ids", ["a", "b"]);
  expect(ids.value).toEqual(["a", "b"]);
  ids.value = [...ids.value, "c"];
  expect(kept.get(keyOf("ids"))).toBe('["a","b","c"]');
  expect(notes.value).toBe("");
});

test("what another tab wrote is not written back, since that tab may have written more by then", () => {
  const page = new EventTarget();
  followOtherTabs(page);
  const ids = remembered<readonly string[]>("more", []);
  const before = writes;
  writeElsewhere(page, "more", ["a"]);
  expect(ids.value).toEqual(["a"]);
  expect(writes).toBe(before);
});

test("where all is cleared, or what was written cannot be read, the default holds", () => {
  const page = new EventTarget();
  followOtherTabs(page);
  const name = remembered("name", "nobody");
  name.value = "somebody";
  kept.clear();
  page.dispatchEvent(Object.assign(new Event("storage"), { key: null }));
  expect(name.value).toBe("nobody");
  name.value = "somebody";
  kept.set(keyOf("name"), "{");
  page.dispatchEvent(Object.assign(new Event("storage"), { key: keyOf("name") }));
  expect(name.value).toBe("nobody");
});
