import type { OfferModel } from "../../../src/offers/index.ts";
import type { SimulatedExperiment } from "../../simulate/experiments.ts";
import { round, scoresOf } from "./tools.ts";

/**
 * What a model makes of customers whose true effects are known, margin 1 and cost 0: the error of its effects, and what
 * its choice truly gains, in % of the gain of one who knows the truth, beside the best single offer for everyone.
 */
export function recovery(
  model: OfferModel,
  { experiment: { rows, arms, features }, effects }: SimulatedExperiment,
) {
  const offers = arms.labels.slice(1);
  let [squares, gained, possible] = [0, 0, 0];
  const single = offers.map(() => 0);
  for (const [row, { scores, best }] of scoresOf(model, features).entries()) {
    const truth = effects.map((effect) => effect[row] as number);
    for (const { offerId, uplift } of scores) {
      squares += ((uplift ?? 0) - (truth[offers.indexOf(offerId)] ?? 0)) ** 2;
    }
    gained += truth[offers.indexOf(best)] ?? 0;
    possible += Math.max(0, ...truth);
    for (const [i, effect] of truth.entries()) single[i] = (single[i] as number) + effect;
  }
  // Where nobody can be won, showing nobody anything is perfect.
  const share = (gain: number) => {
    if (possible > 0) return round((100 * gain) / possible, 1);
    return gain < 0 ? 0 : 100;
  };
  return {
    learner: model.uplift?.learner,
    differ: model.uplift?.heterogeneity.shown,
    "RMSE of uplift": round(Math.sqrt(squares / rows / offers.length), 4),
    "gain, % of the perfect one": share(gained),
    "best single offer, %": share(Math.max(0, ...single)),
    "regret, %": possible > 0 ? round(100 - (100 * gained) / possible, 2) : 0,
    "lost per 1,000": round((1000 * (possible - gained)) / rows, 2),
  };
}
