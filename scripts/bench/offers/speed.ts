import { predictBoosting } from "../../../src/learning/boosting/predict.ts";
import { BOOSTING_DEFAULTS, fitBoosting } from "../../../src/learning/boosting/train.ts";
import { binRows, learnBins } from "../../../src/learning/features/bins.ts";
import { createScorer, trainOffers } from "../../../src/offers/index.ts";
import { type BenchOptions, CREATED_AT, JOBS, numbered, round, simulateWide, timed } from "./tools.ts";

export function benchBoosting({ rows: size = 1_000_000 }: BenchOptions): void {
  const { rows, features, outcome } = simulateWide(size, 2, 10);
  const [schema, binSeconds] = timed(() => learnBins(features));
  const [binned, fillSeconds] = timed(() => binRows(schema, features));
  const everyone = Uint32Array.from({ length: rows }, (_, row) => row);
  const data = { binned, features: schema.features, targets: outcome, weights: null, rows: everyone };
  const [model, fitSeconds] = timed(() =>
    fitBoosting(data, { ...BOOSTING_DEFAULTS, loss: "logistic", seed: 1 }),
  );
  const [, predictSeconds] = timed(() => predictBoosting(model, binned));
  console.log(`\nBoosting, ${rows} rows x 10 features, 100 trees of 31 leaves, one thread`);
  console.table({
    seconds: {
      bin: round(binSeconds + fillSeconds, 1),
      fit: round(fitSeconds, 1),
      predict: round(predictSeconds, 2),
    },
  });
}

export async function benchTrain({ rows = 1_000_000 }: BenchOptions): Promise<void> {
  const experiment = simulateWide(rows, 3, 10);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 200);
  const [startedAt, cpuAt] = [performance.now(), process.cpuUsage()];
  const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, jobs: JOBS });
  const { user, system } = process.cpuUsage(cpuAt);
  clearInterval(watch);
  console.log(`\nTrain with automatic choice, ${rows} rows x 10 features x 3 arms`);
  console.table([
    {
      learner: model.uplift?.learner,
      threads: JOBS,
      seconds: round((performance.now() - startedAt) / 1000, 1),
      "processor, s": round((user + system) / 1e6, 1),
      "peak GB, all threads": round(peak / 2 ** 30, 2),
    },
  ]);
}

export async function benchScore({ rows: customers = 1_000_000 }: BenchOptions): Promise<void> {
  const experiment = simulateWide(200_000, 11, 10);
  const table = [];
  for (const learner of ["s-logistic", "t-boosting"] as const) {
    const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, learner, jobs: JOBS });
    const { features, rows: size } = simulateWide(8_192, 11, 10);
    const ids = numbered(size);
    const scorer = createScorer(model);
    const score = (count: number) => {
      for (let done = 0; done < count; done += size) scorer.score({ ids, table: features });
    };
    score(100_000);
    const [, seconds] = timed(() => score(customers));
    table.push({ learner, shown: model.uplift?.heterogeneity.shown, seconds: round(seconds, 1) });
  }
  console.log(`\nScore ${customers} customers x 10 offers, 10 features, one thread`);
  console.table(table);
}
