import { describe, expect, it } from "vitest";
import {
  auuc,
  qiniCount,
  qiniScore,
  rankByUplift,
  upliftAt,
  upliftAtByGroup,
} from "../../src/statistics/index.ts";

/**
 * Twelve customers of distinct scores, and what scikit-uplift 0.5.1 and causalml print for them: the values are theirs,
 * not of this code. By hand: of the best six, 3 of 4 treated bought and 1 of 2 others, so uplift@50 % is 3/4 - 1/2.
 */
const ranking = rankByUplift({
  scores: Float64Array.of(0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, -0.1),
  treated: Uint8Array.of(0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0),
  outcomes: Float64Array.of(0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0),
});

describe("twelve customers measured by others", () => {
  it("have scikit-uplift's qini_auc_score and uplift_at_k", () => {
    expect(qiniScore(ranking)).toBeCloseTo(0.24539007092198592, 12);
    expect(upliftAt(ranking, 0.5)).toBeCloseTo(0.25, 12);
    expect(upliftAtByGroup(ranking, 0.5)).toBeCloseTo(0.3333333333333333, 12);
  });

  it("have causalml's auuc_score", () => {
    expect(auuc(ranking)).toBeCloseTo(0.8237179487179487, 12);
  });

  it("have causalml's qini_score, which divides the same area by one customer more", () => {
    expect(qiniCount(ranking)).toBeCloseTo((0.4435897435897437 * 13) / 12, 12);
  });
});
