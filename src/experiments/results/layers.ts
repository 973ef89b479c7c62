import { CREATIVE_LAYERS } from "../design.ts";
import { isPersonal, PROPENSITY, type Units } from "../outcomes/units.ts";
import type { Layer } from "./compare.ts";

/** A layer that was drawn, as found in the table `results`. */
export interface LayerArms {
  readonly layer: Layer;
  readonly column: string;
  readonly filter: string;
  /** The share of each arm, per run. */
  readonly planned: readonly ReadonlyMap<string, number>[];
  /** SQL of the probability of a customer's arm, if it depended on the customer in a run; null: it did in none. */
  readonly personal: string | null;
}

export function layersOf({ design, designs }: Units): LayerArms[] {
  const layers: LayerArms[] = [];
  const anyPersonal = designs.some(isPersonal);
  if (design.holdout > 0) {
    const planned = designs.map(
      ({ holdout }) =>
        new Map([
          ["holdout", holdout],
          ["campaign", 1 - holdout],
        ]),
    );
    layers.push({ layer: "holdout", column: "holdout", filter: "can_hold = 1", planned, personal: null });
  }
  if (design.explore > 0 && design.explore < 1) {
    const planned = designs.map(
      ({ explore }) =>
        new Map([
          ["explore", explore],
          ["best", 1 - explore],
        ]),
    );
    layers.push({
      layer: "offer",
      column: "explore",
      filter: "explore IS NOT NULL",
      planned,
      personal: null,
    });
  }
  if (design.faces !== null) {
    const planned = designs.map(
      ({ faces }) => new Map((faces ?? []).map(({ arm, share }) => [arm as string, share])),
    );
    const personal = anyPersonal ? PROPENSITY.face : null;
    layers.push({ layer: "face", column: "face", filter: "can_face = 1", planned, personal });
  }
  for (const layer of CREATIVE_LAYERS) {
    if (!design[layer]) continue;
    const planned = designs.map((own) => new Map((own[layer] ?? []).map(({ arm, share }) => [arm, share])));
    const personal = anyPersonal ? PROPENSITY[layer] : null;
    layers.push({ layer, column: layer, filter: `${layer} IS NOT NULL`, planned, personal });
  }
  return layers;
}
