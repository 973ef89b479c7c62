import { assignFace, assignHoldout, assignOffer, holdoutDesign } from "../../../src/experiments/index.ts";
import { chiSquareTail } from "../../../src/statistics/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

const DESIGN = {
  ...holdoutDesign("bench", { holdout: 0.1, seed: 1 }),
  explore: 0.1,
  faces: [
    { arm: "lookalike", share: 0.5, band: null },
    { arm: "random", share: 0.3, band: null },
    { arm: "default", share: 0.2, band: null },
  ],
} as const;
const OFFERS = { best: "a", explorable: ["a", "b", "c"] };

/** Shares, independence of the layers and time of the assignment of a million customers. */
export function benchAssignment({ rows = 1_000_000 }: ExperimentBenchOptions): void {
  const layers = {
    holdout: {
      shares: { holdout: 0.1, campaign: 0.9 } as Record<string, number>,
      of: (id: string) => assignHoldout(DESIGN, id).arm,
    },
    offer: {
      shares: { explore: 0.1, best: 0.9 } as Record<string, number>,
      of: (id: string) => assignOffer(DESIGN, id, OFFERS).arm,
    },
    face: {
      shares: { lookalike: 0.5, random: 0.3, default: 0.2 } as Record<string, number>,
      of: (id: string) => assignFace(DESIGN, id).arm,
    },
  };
  const names = ["holdout", "offer", "face"] as const;
  const started = process.cpuUsage();
  const arms = names.map((name) => {
    const { of } = layers[name];
    return Array.from({ length: rows }, (_, i) => of(`+31${600_000_000 + i}`) as string);
  });
  const seconds = process.cpuUsage(started).user / 1e6;
  process.stdout.write(`\n${rows} customers, three layers: ${seconds.toFixed(1)} s of processor time\n`);
  for (const [layer, name] of names.entries()) {
    for (const [arm, share] of Object.entries(layers[name].shares)) {
      const count = arms[layer]?.filter((own) => own === arm).length ?? 0;
      const errors = (count - share * rows) / Math.sqrt(rows * share * (1 - share));
      process.stdout.write(
        `  ${name} ${arm}: ${count}, ${errors.toFixed(2)} standard errors from ${share}\n`,
      );
    }
  }
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    process.stdout.write(
      `  ${names[a]} and ${names[b]}: independence p = ${independence(arms[a] ?? [], arms[b] ?? []).toFixed(3)}\n`,
    );
  }
}

function independence(a: readonly string[], b: readonly string[]): number {
  const count = (keys: Iterable<string>) => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  const [rows, columns, cells] = [count(a), count(b), count(a.map((own, i) => `${own} ${b[i]}`))];
  let statistic = 0;
  for (const [row, inRow] of rows) {
    for (const [column, inColumn] of columns) {
      const wanted = (inRow * inColumn) / a.length;
      statistic += ((cells.get(`${row} ${column}`) ?? 0) - wanted) ** 2 / wanted;
    }
  }
  return chiSquareTail(statistic, (rows.size - 1) * (columns.size - 1));
}
