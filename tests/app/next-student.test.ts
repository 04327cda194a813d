import { expect, test } from "vitest";
import { openPageWithLab } from "./page-with-lab.ts";

test("the next student finds nothing of what the one before predicted, saw, flagged, preferred and wrote, but the runs", async () => {
  openPageWithLab({
    run: () => Promise.resolve({ state: "stopped", id: null, takenOver: false }),
    busy: () => Promise.resolve(false),
    reading: () => Promise.resolve(),
  });
  const [{ startAfresh }, { openedIds }, { prediction }, seen, lanes, { flags }, notes, { draft }] = await Promise.all([
    import("../../src/app/next-student.ts"),
    import("../../src/app/runs/opened.ts"),
    import("../../src/app/state.ts"),
    import("../../src/app/choices.ts"),
    import("../../src/app/steps/make/choices.ts"),
    import("../../src/app/steps/make/flags.ts"),
    import("../../src/app/steps/report/notes.ts"),
    import("../../src/app/steps/sources/order.ts"),
  ]);
  const order = ["retrieval", "real-10"];
  prediction.value = order;
  draft.value = { runId: "a", order };
  seen.markResultSeen("a", order);
  flags.value = { a: { "retrieval/bird/x": ["duplicate"] } };
  lanes.preferred.value = "generated";
  notes.writeNotes("a", { notes: "As expected." });
  openedIds.value = ["a"];
  startAfresh();
  expect([prediction.value, draft.value, lanes.preferred.value]).toEqual([null, null, null]);
  expect(seen.hasSeenResult("a")).toBe(false);
  expect(flags.value).toEqual({});
  expect(notes.notesOf("a")).toEqual({ title: "", notes: "" });
  expect(["generated", "retrieved"]).toContain(lanes.firstOrigin.value);
  expect(openedIds.value).toEqual(["a"]);
});
