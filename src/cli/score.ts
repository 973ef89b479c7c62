import { readCustomers } from "../customers/index.ts";
import { throwIfAborted } from "../errors.ts";
import {
  type CustomerScore,
  createDriftMeter,
  createScorer,
  customerColumns,
  type DriftMeter,
  loadOfferModel,
  type OfferModel,
} from "../offers/index.ts";
import type { AddCommand } from "./command.ts";
import { EXIT, type Output } from "./output.ts";
import { sayRows } from "./row-report.ts";

interface ScoreFlags {
  readonly model: string;
  readonly customers: string;
  readonly calls?: string;
  readonly json?: boolean;
}

/** `lookalike score`: what each customer is expected to do, and which offer is worth showing. */
export const addScore: AddCommand = (program, run) => {
  program
    .command("score")
    .description("score every offer for every customer; one line per customer, in input order")
    .requiredOption("--model <json>", "a model that `lookalike train` wrote")
    .requiredOption("--customers <file>", "CSV or Parquet with the model's columns")
    .option("--calls <file>", "call log, where the customers' handsets are to be read from it")
    .option("--json", "print JSON Lines on stdout")
    .action(async (flags: ScoreFlags) =>
      run(flags, async ({ output, signal }) => {
        const model = await loadOfferModel(flags.model);
        const customers = await readCustomers({
          customers: { source: flags.customers, ids: "row-number" },
          ...(flags.calls === undefined ? {} : { calls: { source: flags.calls } }),
          features: customerColumns(model),
          now: new Date(),
          signal,
        });
        const chosen = new Map<string, number>();
        const drift = createDriftMeter(model.reference ?? []);
        const scorer = createScorer(model);
        const serialise = createSerialiser(model);
        for await (const batch of customers) {
          throwIfAborted(signal);
          drift.add(batch.table);
          let lines = "";
          for (const score of scorer.score(batch)) {
            chosen.set(score.best, (chosen.get(score.best) ?? 0) + 1);
            if (output.json) lines += serialise(score);
          }
          await output.results(lines);
        }
        for (const [offer, count] of [...chosen].sort((a, b) => b[1] - a[1])) {
          output.say(`${offer}: best for ${count} customers`);
        }
        sayDrift(output, drift);
        return sayRows(output, customers.report) > 0 ? EXIT.refused : EXIT.done;
      }),
    );
};

function sayDrift(output: Output, drift: DriftMeter): void {
  for (const { feature, stability, verdict, outside } of drift.report()) {
    if (verdict === "stable" && outside < 0.01) continue;
    const range = outside < 0.01 ? "" : `, ${(100 * outside).toFixed(0)} % not seen in training`;
    output.say(`drift: ${feature} is ${verdict} (population stability ${stability.toFixed(2)}${range})`);
  }
}

/**
 * One line of JSON per customer. Everything that customers share is written once and every number as JSON does: three
 * times as fast as an object per offer.
 */
function createSerialiser(model: OfferModel): (score: CustomerScore) => string {
  const heads = new Map(model.offers.map(({ id }) => [id, `{"offer_id":${JSON.stringify(id)},"basis":"`]));
  return ({ customerId, next, scores, incumbent, best }) => {
    let line = `{"customer_id":${JSON.stringify(customerId)},"next":${next === null ? "null" : JSON.stringify(next)},"scores":[`;
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i];
      if (score === undefined) continue;
      // A finite number and null read in a template as they do in JSON.
      line += `${i > 0 ? "," : ""}${heads.get(score.offerId)}${score.basis}","probability_none":${score.probabilityNone},"probability_offer":${score.probabilityOffer},"uplift":${score.uplift},"lift":${score.lift},"expected_value":${score.expectedValue}}`;
    }
    return `${line}],"incumbent":${JSON.stringify(incumbent)},"best":${JSON.stringify(best)}}\n`;
  };
}
