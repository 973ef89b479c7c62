import { type Column, createRandom, numberColumn } from "../../src/core/index.ts";
import type { SimulatedExperiment } from "./experiments.ts";

/**
 * A small experiment of one offer that adds 0.04 + slope x, x being the second of five features, all uniform in [-1, 1]
 * beside one of 0 and 1; the first and third tell who buys.
 */
export function simulateModerated({
  rows,
  seed,
  slope,
}: {
  readonly rows: number;
  readonly seed: number;
  readonly slope: number;
}): SimulatedExperiment {
  const random = createRandom(seed * 7919);
  const x = Array.from({ length: 5 }, () => Float64Array.from({ length: rows }, () => 2 * random() - 1));
  const member = Float64Array.from({ length: rows }, () => (random() < 0.4 ? 1 : 0));
  const codes = Int32Array.from({ length: rows }, () => (random() < 0.5 ? 1 : 0));
  const effects = Float64Array.from({ length: rows }, (_, row) => 0.04 + slope * (x[1]?.[row] as number));
  const outcome = Float64Array.from(codes, (arm, row) => {
    const score = -1.6 + 0.6 * (x[0]?.[row] as number) + 0.3 * (x[2]?.[row] as number);
    const base = 1 / (1 + Math.exp(-score - 0.3 * (member[row] as number)));
    return random() < base + arm * (effects[row] as number) ? 1 : 0;
  });
  const columns = x.map((values, j): [string, Column] => [`x${j + 1}`, { kind: "number", values }]);
  return {
    experiment: {
      rows,
      arms: { labels: ["none", "offer"], codes },
      outcome,
      features: { rows, columns: new Map([...columns, ["member", numberColumn([...member])]]) },
    },
    effects: [effects],
  };
}
