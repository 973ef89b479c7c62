import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { createTally } from "../../src/campaign/run/tally.ts";
import { summarise } from "../../src/cli/commands/generate-report.ts";
import { createOutput } from "../../src/cli/output.ts";
import type { Decision } from "../../src/handover/index.ts";

function shown(basis: "lookalike" | "default", resemblance: number | null): Decision {
  return {
    customer_id: "c",
    offer: { id: "a", basis: "uplift" },
    photo: { path: "p.jpg", basis, distance: 0.5, resemblance, reason: "nearest" },
    creatives: [],
  } as unknown as Decision;
}

function summaryOf(...decisions: readonly Decision[]): string {
  const tally = createTally();
  for (const decision of decisions) tally.made(decision);
  const stderr = new PassThrough({ encoding: "utf8" });
  const output = createOutput({ stdout: new PassThrough(), stderr, env: {} }, {});
  summarise(tally.report, "out", { output, seconds: 1 });
  return String(stderr.read());
}

it("says how many photos were chosen by distance, for want of features", () => {
  const [alike, near, other] = [shown("lookalike", 0.6), shown("lookalike", null), shown("default", null)];
  expect(summaryOf(alike, near, near, other)).toMatch(
    /note: 2 photos chosen by distance[^\n]*index the photos again/,
  );
  expect(summaryOf(alike, other)).not.toContain("by distance");
});
