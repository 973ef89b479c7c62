import { describe, expect, it } from "vitest";
import {
  assignCreative,
  assignFace,
  assignHoldout,
  assignOffer,
  holdoutDesign,
} from "../../src/experiments/index.ts";
import { chiSquareTail } from "../../src/statistics/index.ts";

const DESIGN = {
  ...holdoutDesign("autumn", { holdout: 0.1, seed: 1 }),
  explore: 0.3,
  faces: [
    { arm: "lookalike", share: 0.5, band: null },
    { arm: "random", share: 0.3, band: null },
    { arm: "band", share: 0.2, band: [0.7, 0.8] },
  ],
} as const;
const CUSTOMERS = Array.from({ length: 10_000 }, (_, i) => `+31${600_000_000 + i}`);
const OFFERS = { best: "b", explorable: ["c", "a", "b"] };

/** Pearson's test that two labels of the same customers have nothing in common. */
function independence(pairs: readonly (readonly [string, string])[]): number {
  const count = (of: (pair: readonly [string, string]) => string) => {
    const counts = new Map<string, number>();
    for (const pair of pairs) counts.set(of(pair), (counts.get(of(pair)) ?? 0) + 1);
    return counts;
  };
  const [rows, columns, cells] = [count(([a]) => a), count(([, b]) => b), count(([a, b]) => `${a} ${b}`)];
  let statistic = 0;
  for (const [a, inRow] of rows) {
    for (const [b, inColumn] of columns) {
      const wanted = (inRow * inColumn) / pairs.length;
      statistic += ((cells.get(`${a} ${b}`) ?? 0) - wanted) ** 2 / wanted;
    }
  }
  return chiSquareTail(statistic, (rows.size - 1) * (columns.size - 1));
}

describe("assignment", () => {
  it("gives the planned shares within four standard errors", () => {
    const within = (found: number, share: number) =>
      Math.abs(found / CUSTOMERS.length - share) < 4 * Math.sqrt((share * (1 - share)) / CUSTOMERS.length);
    const heldOut = CUSTOMERS.filter((id) => assignHoldout(DESIGN, id).arm === "holdout");
    expect(within(heldOut.length, 0.1)).toBe(true);
    const faces = CUSTOMERS.map((id) => assignFace(DESIGN, id).arm);
    for (const { arm, share } of DESIGN.faces) {
      expect(within(faces.filter((own) => own === arm).length, share)).toBe(true);
    }
    const offers = CUSTOMERS.map((id) => assignOffer(DESIGN, id, OFFERS));
    for (const [offer, share] of [
      ["a", 0.1],
      ["b", 0.8],
      ["c", 0.1],
    ] as const) {
      const own = offers.filter(({ offerId }) => offerId === offer);
      expect(within(own.length, share)).toBe(true);
      expect(new Set(own.map(({ offerPropensity }) => offerPropensity.toFixed(12)))).toEqual(
        new Set([share.toFixed(12)]),
      );
    }
  });

  it("draws the layers and the campaigns independently", () => {
    const arms = (id: string) => ({
      holdout: assignHoldout(DESIGN, id).arm,
      offer: assignOffer(DESIGN, id, OFFERS).arm,
      drawn: assignOffer({ ...DESIGN, explore: 1 }, id, OFFERS).offerId ?? "",
      face: assignFace(DESIGN, id).arm,
      picked: String(Math.floor(4 * assignFace(DESIGN, id).pick)),
      next: assignHoldout({ ...DESIGN, salt: "winter" }, id).arm,
    });
    const drawn = CUSTOMERS.map(arms);
    const layers = ["holdout", "offer", "drawn", "face", "picked", "next"] as const;
    for (const [i, a] of layers.entries()) {
      for (const b of layers.slice(i + 1)) {
        expect(independence(drawn.map((own) => [own[a], own[b]] as const))).toBeGreaterThan(0.0005);
      }
    }
  });

  it("is the same for every run, order and spelling", () => {
    // Kept: a change of these draws everyone of a running campaign anew.
    expect(CUSTOMERS.slice(0, 12).map((id) => assignFace(DESIGN, id).arm)).toMatchInlineSnapshot(`
      [
        "band",
        "random",
        "random",
        "lookalike",
        "lookalike",
        "random",
        "random",
        "lookalike",
        "lookalike",
        "random",
        "lookalike",
        "random",
      ]
    `);
    const forwards = CUSTOMERS.slice(0, 500).map((id) => assignOffer(DESIGN, id, OFFERS).offerId);
    const backwards = CUSTOMERS.slice(0, 500)
      .toReversed()
      .map((id) => assignOffer(DESIGN, id, { best: "b", explorable: ["b", "c", "a"] }).offerId)
      .toReversed();
    expect(backwards).toEqual(forwards);
    const { pick } = assignFace(DESIGN, "Jos\u00e9");
    expect(assignFace(DESIGN, " Jose\u0301\u00a0").pick).toBe(pick);
  });

  it("keeps salt and id apart", () => {
    const pick = (salt: string, id: string) => assignFace({ ...DESIGN, salt }, id).pick;
    expect(pick("a1", "23")).not.toBe(pick("a", "123"));
  });

  it("says where a layer has nothing to randomise", () => {
    const plain = holdoutDesign("plain", { holdout: 0, seed: 1 });
    expect(assignHoldout(plain, "7")).toEqual({ arm: "campaign", propensity: 1, eligible: false });
    expect(assignFace(plain, "7")).toMatchObject({ arm: "lookalike", propensity: 1, eligible: false });
    expect(assignOffer(DESIGN, "7", { best: null, explorable: [] })).toEqual({
      arm: "best",
      propensity: 1,
      eligible: false,
      offerId: null,
      offerPropensity: 1,
    });
  });

  it("counts an offer that is best and drawn once in its propensity, and nothing where none is worth it", () => {
    const nothing = { best: null, explorable: ["a", "b"] };
    const outcomes = CUSTOMERS.slice(0, 200).map((id) => assignOffer(DESIGN, id, nothing));
    for (const { arm, offerId, offerPropensity } of outcomes) {
      expect(offerPropensity).toBeCloseTo(arm === "best" ? 0.7 : 0.15, 12);
      expect(offerId === null).toBe(arm === "best");
    }
  });
});

describe("the layers of words and templates", () => {
  const design = {
    ...DESIGN,
    copy: [
      { arm: "plain", share: 0.6 },
      { arm: "question", share: 0.4 },
    ],
    template: [
      { arm: "panel", share: 0.5 },
      { arm: "card", share: 0.5 },
    ],
  };

  it("draw by their shares, apart from each other and from the faces", () => {
    const drawn = CUSTOMERS.map((id) => ({
      copy: assignCreative("copy", design, id)?.arm ?? "",
      template: assignCreative("template", design, id)?.arm ?? "",
      face: assignFace(design, id).arm,
    }));
    const share = drawn.filter(({ copy }) => copy === "question").length / CUSTOMERS.length;
    expect(Math.abs(share - 0.4)).toBeLessThan(4 * Math.sqrt(0.24 / CUSTOMERS.length));
    expect(independence(drawn.map(({ copy, template }) => [copy, template]))).toBeGreaterThan(0.001);
    expect(independence(drawn.map(({ copy, face }) => [copy, face]))).toBeGreaterThan(0.001);
    expect(assignCreative("copy", design, "7")).toEqual(assignCreative("copy", design, "7"));
  });

  it("draw nothing for a customer whose offer lacks an arm, and where there is one arm", () => {
    expect(assignCreative("copy", design, "7", (arm) => arm === "plain")).toBeNull();
    expect(assignCreative("copy", { ...design, copy: [{ arm: "plain", share: 1 }] }, "7")).toBeNull();
    expect(assignCreative("template", DESIGN, "7")).toBeNull();
  });
});
