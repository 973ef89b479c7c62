import { throwIfAborted, wrongUse } from "../../core/index.ts";
import { type CallMapping, type CustomersOptions, readCustomers } from "../../customers/index.ts";
import {
  type CustomerScore,
  createScorer,
  customerColumns,
  loadOfferModel,
  type OfferModel,
  requireTrained,
} from "../../offers/index.ts";
import { createDriftMeter, type DriftMeter } from "../../statistics/index.ts";
import { withCallsFlags } from "../column-map.ts";
import type { AddCommand } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { type RefusedFlags, sayRows, withRefusedFlag } from "../row-report.ts";

interface ScoreFlags extends RefusedFlags {
  readonly model: string;
  readonly customers: string;
  readonly id?: string;
  readonly calls?: string;
  readonly map?: CallMapping;
  readonly json?: boolean;
}

/** `lookalike score`: predicts for each customer the outcome of each offer, and which offer is best. */
export const addScore: AddCommand = (program, run) => {
  withCallsFlags(
    withRefusedFlag(program.command("score"))
      .requiredOption("--model <json>", "a model that `lookalike train` wrote")
      .requiredOption("--customers <file>", "CSV or Parquet with the model's columns")
      .option("--id <column>", "of the customers: the id (default: customer_id, else the row number)"),
  )
    .option("--json", "print JSON Lines on stdout")
    .action(async (flags: ScoreFlags) =>
      run(flags, async ({ output, signal }) => {
        const model = await loadOfferModel(flags.model);
        requireTrained(model, flags.model);
        const customers = await readCustomers({
          ...sources(flags),
          features: customerColumns(model),
          now: new Date(),
          signal,
        });
        if (!customers.hasIds) {
          output.say(
            "note: there is no column customer_id: rows are identified by their numbers; pass the id column with --id",
          );
        }
        const chosen = new Map<string, number>();
        const drift = createDriftMeter(model.reference ?? []);
        const scorer = createScorer(model);
        const serialise = createSerialiser(model);
        for await (const batch of customers) {
          throwIfAborted(signal);
          drift.add(batch.table);
          const scores = scorer.score(batch);
          for (const { best } of scores) chosen.set(best, (chosen.get(best) ?? 0) + 1);
          if (output.json) await output.results(scores.map(serialise).join(""));
        }
        sayChosen(output, chosen);
        sayDrift(output, drift);
        return sayRows(output, customers.report) > 0 ? EXIT.refused : EXIT.done;
      }),
    );
};

/** Calls need an id column: without one they would be joined by row number. */
function sources({ customers, id, calls, map }: ScoreFlags): CustomersOptions {
  if (calls === undefined && map !== undefined) {
    throw wrongUse("--calls beside --map", "none", "Pass the call log: --map names its columns.");
  }
  const ids = calls === undefined ? "row-number" : "required";
  return {
    customers: { source: customers, mapping: { customer_id: id }, ids },
    ...(calls === undefined ? {} : { calls: { source: calls, mapping: map } }),
  };
}

function sayChosen(output: Output, chosen: ReadonlyMap<string, number>): void {
  for (const [offer, count] of [...chosen].sort((a, b) => b[1] - a[1])) {
    output.say(`${offer}: best for ${count} customers`);
  }
}

function sayDrift(output: Output, drift: DriftMeter): void {
  for (const { feature, stability, verdict, outside } of drift.report()) {
    if (verdict === "stable" && outside < 0.01) continue;
    const range = outside < 0.01 ? "" : `, ${(100 * outside).toFixed(0)} % not seen in training`;
    output.say(`drift: ${feature} is ${verdict} (population stability ${stability.toFixed(2)}${range})`);
  }
}

/**
 * Creates a function that writes one line of JSON per customer. Text that customers share is created once,
 * and numbers are written as in JSON: three times as fast as an object per offer.
 */
function createSerialiser(model: OfferModel): (score: CustomerScore) => string {
  const heads = new Map(model.offers.map(({ id }) => [id, `{"offer_id":${JSON.stringify(id)},"basis":"`]));
  return ({ customerId, next, scores, incumbent, best }) => {
    let line = `{"customer_id":${JSON.stringify(customerId)},"next":${next === null ? "null" : JSON.stringify(next)},"scores":[`;
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i];
      if (score === undefined) continue;
      // Finite numbers and null have the same text in a template as in JSON.
      line += `${i > 0 ? "," : ""}${heads.get(score.offerId)}${score.basis}","probability_none":${score.probabilityNone},"probability_offer":${score.probabilityOffer},"uplift":${score.uplift},"lift":${score.lift},"expected_value":${score.expectedValue}}`;
    }
    return `${line}],"incumbent":${JSON.stringify(incumbent)},"best":${JSON.stringify(best)}}\n`;
  };
}
