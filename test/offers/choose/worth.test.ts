import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Weighed, weighOffers } from "../../../src/offers/choose/worth.ts";
import { chooseBest, type OfferScore } from "../../../src/offers/index.ts";

function score(offerId: string, expectedValue: number, basis: OfferScore["basis"] = "uplift"): OfferScore {
  return {
    offerId,
    basis,
    probabilityNone: 0,
    probabilityOffer: 0,
    uplift: 0,
    lift: null,
    unit: "probability",
    isPersonal: true,
    expectedValue,
  };
}

function weigh(score: Weighed, eligible: (offerId: string) => boolean = () => true) {
  const found: { offerId: string; worth: number }[] = [];
  weighOffers(score, eligible, (offerId, worth) => found.push({ offerId, worth }));
  return found;
}

describe("what an offer counts for", () => {
  it("is its expected value where choosing between offers pays", () => {
    const scores = [score("a", 3), score("b", 5), score("c", -1), score("d", 9, "lift")];
    expect(weigh({ scores, incumbent: null })).toEqual([
      { offerId: "a", worth: 3 },
      { offerId: "b", worth: 5 },
    ]);
    expect(chooseBest({ scores, incumbent: null })).toBe("b");
    expect(chooseBest({ scores, incumbent: null }, (id) => id !== "b")).toBe("a");
  });

  it("is less than the incumbent's for whoever may be shown the incumbent, and its own for the others", () => {
    const scores = [score("a", 3), score("b", 5)];
    expect(chooseBest({ scores, incumbent: "a" })).toBe("a");
    expect(chooseBest({ scores, incumbent: "a" }, (id) => id !== "a")).toBe("b");
    expect(weigh({ scores, incumbent: "a" }, (id) => id !== "a")).toEqual([{ offerId: "b", worth: 5 }]);
    expect(chooseBest({ scores: [score("a", -1), score("b", 5)], incumbent: "a" })).toBe("none");
  });

  it("keeps the order among customers who are behind the incumbent", () => {
    const value = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, value, value, (most, x, y) => {
        const [low = 0, high = 0] = [x, y].toSorted((a, b) => a - b);
        fc.pre(high > low * 1.01);
        const behind = (own: number) =>
          weigh({ scores: [score("a", most), score("b", own)], incumbent: "a" })[1]?.worth ?? 0;
        expect(behind(low)).toBeLessThanOrEqual(behind(high));
        expect(behind(high)).toBeLessThanOrEqual(most);
        if (high < 100 * most) expect(behind(low)).toBeLessThan(behind(high));
        expect(chooseBest({ scores: [score("a", most), score("b", high)], incumbent: "a" })).toBe("a");
      }),
    );
  });
});
