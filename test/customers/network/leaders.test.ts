import { describe, expect, it } from "vitest";
import { createGraph } from "../../../src/customers/network/graph.ts";
import { estimateLeaders } from "../../../src/customers/network/leaders.ts";

/** 1 to 4 have ties with 0 and with the next of them. */
const arcs = [
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [1, 0],
  [1, 2],
  [2, 0],
  [2, 3],
  [3, 0],
  [3, 4],
  [4, 0],
  [4, 1],
] as const;
const graph = createGraph(5, {
  i: arcs.map(([i]) => i),
  j: arcs.map(([, j]) => j),
  share: arcs.map(([i]) => (i === 0 ? 0.25 : 0.5)),
});
const prior = Float64Array.from(graph.share, Math.sqrt);

describe("estimateLeaders", () => {
  it("is 1 for everybody without evidence", () => {
    for (const lead of estimateLeaders(graph, prior, new Float64Array(arcs.length).fill(1))) {
      expect(lead).toBeCloseTo(1, 12);
    }
  });

  it("is above 1 for a person whom others follow, below for the others, and never 0", () => {
    const evidence = Float64Array.from(arcs, ([i, j]) => (j === 0 && i !== 4 ? 6 : 1));
    const leads = estimateLeaders(graph, prior, evidence);
    expect(leads[0]).toBeGreaterThan(1.3);
    for (const lead of leads.subarray(1)) {
      expect(lead).toBeLessThan(1);
      expect(lead).toBeGreaterThan(0);
    }
    // More evidence, more followers: but not more than the people who have a tie.
    const sure = estimateLeaders(
      graph,
      prior,
      evidence.map((own) => own ** 4),
    );
    expect(sure[0]).toBeGreaterThan(leads[0] ?? 0);
    expect(sure[0]).toBeLessThan((4 + 1) / (2 + 1));
  });
});
