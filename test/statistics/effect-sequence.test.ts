import { describe, expect, it } from "vitest";
import { effectSequence } from "../../src/statistics/effect-sequence.ts";

// Data and values: confseq, demo/ate_data.csv (MIT): 1,000 outcomes and treatments of 0 and 1, four a hex digit.
const OUTCOMES =
  "94428fa16409002040d00441a9350080a43022200c01004c066ab005cab2a882a8f62200060880880180b12560998070010032b60a060178" +
  "aa082204c5342204226a5350008f0005940041c80622b0a0738ca4104013cb885337800803168041e4ae145900240408030d320a0c84e101" +
  "04c0409c4c08430ab095c041a1";
const TREATED =
  "84e4b64579e9cb3e5e050e491f4cf0cb6d95df2ac6a13e7cf48a768091b4fa55a9ffa2c5249cb94081c9aa31f19c7d4ea8b02e3bb1803db5" +
  "b8041335f5ceaa153b6a97546a2a4fca9c246189bf4f364cfb0409c0cb7f0a8b722f44f66226910bae25fc67c134797b3c0532a32f10edb2" +
  "fd8d86d97ed87b0ef49ca8d181";
const LOOKS = [
  [1, 1, -1, 1, 0.983920078788205],
  [2, 1, -1, 1, 0.803732245074608],
  [10, 0.653333333333333, -1, 1, 0.888548290145229],
  [50, 0.146713386260021, -0.62217549773304, 0.915602270253082, 1],
  [100, 0.106826716602117, -0.355019952853719, 0.568673386057953, 1],
  [250, 0.0839954405798236, -0.178556479906351, 0.346547361065998, 1],
  [500, 0.126626407227084, -0.0478456727926822, 0.30109848724685, 0.307998819954753],
  [750, 0.154771304247189, 0.0153508071539239, 0.294191801340454, 0.00753787388765617],
  [1000, 0.174591114336686, 0.0557940255263216, 0.29338820314705, 0.0000733500456673827],
] as const;

const bits = (hex: string) =>
  [...hex].flatMap((digit) => [8, 4, 2, 1].map((bit) => (Number.parseInt(digit, 16) & bit ? 1 : 0)));

describe("the exact sequence of an effect", () => {
  it("gives confseq's bounds and p-values", () => {
    const looks = effectSequence({
      outcomes: bits(OUTCOMES),
      treated: bits(TREATED),
      propensity: 0.5,
      support: [0, 1],
      variance: 0.16,
      best: 50,
    });
    expect(looks).toHaveLength(1000);
    for (const [t, value, low, high, pValue] of LOOKS) {
      const look = looks[t - 1];
      expect(look?.value).toBeCloseTo(value, 9);
      expect(look?.low).toBeCloseTo(low, 9);
      expect(look?.high).toBeCloseTo(high, 9);
      expect(look?.pValue).toBeCloseTo(pValue, 9);
    }
  });
});
