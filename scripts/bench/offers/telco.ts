import type { Column, Table } from "../../../src/core/index.ts";
import { type TrainingExperiment, trainOffers } from "../../../src/offers/index.ts";
import { OFFERS } from "../../simulate/campaign.ts";
import { simulateTelco } from "../../simulate/telco.ts";
import { recovery } from "./recovery.ts";
import { type BenchOptions, CREATED_AT, JOBS, round } from "./tools.ts";

const FEATURES = ["residence", "age", "current_manufacturer", "tenure_months"];

/** How well effects and the best choice are recovered where the truth is known. */
export async function benchTelco({ rows: customers = 200_000, learner: asked }: BenchOptions): Promise<void> {
  const telco = simulateTelco({ customers, months: 8, callsPerMonth: 1, seed: 3 });
  const arms = telco.experiment.columns.get("offer_id");
  if (arms?.kind !== "category") throw new TypeError("an experiment was expected");
  const features: Table = {
    rows: customers,
    columns: new Map(FEATURES.map((name) => [name, telco.experiment.columns.get(name) as Column])),
  };
  const experiment: TrainingExperiment = {
    rows: customers,
    arms,
    outcome: numbersOf(telco.experiment, "converted"),
    features,
  };
  const effects = OFFERS.map((offer) => numbersOf(telco.truth, `uplift_${offer}`));
  const table = [];
  for (const learner of asked ? [asked] : (["auto", "s-logistic", "s-boosting"] as const)) {
    const startedAt = performance.now();
    const { model } = await trainOffers({ experiment }, { createdAt: CREATED_AT, learner, jobs: JOBS });
    const seconds = (performance.now() - startedAt) / 1000;
    table.push({ asked: learner, ...recovery(model, { experiment, effects }), seconds: round(seconds, 1) });
  }
  console.log(`\nSimulated telco, ${customers} customers, ${OFFERS.length} offers against none`);
  console.table(table);
}

function numbersOf(table: Table, name: string): Float64Array {
  const column = table.columns.get(name);
  if (column?.kind !== "number") throw new TypeError(`numbers were expected for ${name}`);
  return column.values;
}
