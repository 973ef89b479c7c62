import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openRecords } from "../../src/handover/index.ts";
import { actOn } from "../../src/service/review/act.ts";
import type { Act } from "../../src/service/review/schemas.ts";

function openReviews() {
  const folder = mkdtempSync(join(tmpdir(), "lookalike-reviews-"));
  const records = openRecords(folder);
  onTestFinished(() => {
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = new Date("2026-11-27T10:00:00Z");
  const act = (what: Act) => actOn(records.reviews, "ad", what, { actor: "anna", at });
  const states = (what: Act) => Object.values(act(what)).map(({ state, assignee }) => [state, assignee]);
  return { act, states, reviews: records.reviews };
}

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(32)) as [string, string, string];

describe("an act on many ads", () => {
  it("undoes the last change of each, whatever it was", () => {
    const { act, states, reviews } = openReviews();
    act({ action: "approve", hashes: [a, b] });
    act({ action: "reject", hashes: [b], text: "cut" });
    act({ action: "comment", hashes: [c], text: "nice" });
    expect(states({ action: "undo", hashes: [a, b, c] })).toEqual([
      ["draft", null],
      ["approved", null],
      ["draft", null],
    ]);
    // Of `c` there was nothing to undo.
    expect(reviews.history("ad", c)).toHaveLength(1);
  });

  it("assigns drafts for review and leaves what was decided", () => {
    const { act, states } = openReviews();
    act({ action: "approve", hashes: [b] });
    expect(states({ action: "assign", hashes: [a, b], assignee: "ben" })).toEqual([
      ["in_review", "ben"],
      ["approved", "ben"],
    ]);
  });

  it("needs a reason, and the state that was seen", () => {
    const { act, reviews } = openReviews();
    expect(() => act({ action: "reject", hashes: [a, b], text: " " })).toThrow(/text to reject/);
    const seen = act({ action: "approve", hashes: [a] })[a]?.seq ?? -1;
    act({ action: "reject", hashes: [a], text: "cut", seen: [seen] });
    expect(() => act({ action: "approve", hashes: [a], seen: [seen] })).toThrow(/another user changed it/);
    // A bulk approval would overwrite the rejection by another reviewer, and an undo would revert it.
    const both = { hashes: [a, b], seen: [seen, 0] };
    expect(() => act({ action: "approve", ...both })).toThrow(/other users changed 1 of them/);
    expect(() => act({ action: "undo", hashes: [a], seen: [seen] })).toThrow(/another user changed it/);
    expect(() => act({ action: "approve", hashes: [a, b], seen: [0] })).toThrow(/one number/);
    expect(reviews.version()).toBe(2);
  });

  it("of 10,000 takes one append and reads all states at once", () => {
    const { act, reviews } = openReviews();
    const hashes = Array.from({ length: 10_000 }, (_, i) => i.toString(16).padStart(32, "0"));
    const standings = act({ action: "approve", hashes, text: "all of spring" });
    expect(Object.values(standings).every(({ state }) => state === "approved")).toBe(true);
    expect(reviews.version()).toBe(10_000);
    const undone = act({ action: "undo", hashes: hashes.slice(0, 2000) });
    expect(Object.values(undone).filter(({ state }) => state === "draft")).toHaveLength(2000);
  });
});
