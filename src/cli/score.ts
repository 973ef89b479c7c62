import { readCustomers } from "../customers/index.ts";
import { LookalikeError } from "../errors.ts";
import { type CustomerScore, customerColumns, loadOfferModel, scoreCustomers } from "../offers/index.ts";
import type { AddCommand } from "./commands.ts";
import { EXIT } from "./output.ts";

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
        for await (const score of scoreCustomers(model, customers, { signal })) {
          chosen.set(score.best, (chosen.get(score.best) ?? 0) + 1);
          await output.result(toJson(score));
        }
        for (const [offer, count] of [...chosen].sort((a, b) => b[1] - a[1])) {
          output.say(`${offer}: best for ${count} customers`);
        }
        const { refused, refusals } = customers.report;
        for (const { source, row, code, message } of refusals.slice(0, 10)) {
          output.refuse(`${source}${row === null ? "" : `:${row}`}`, new LookalikeError(code, message));
        }
        if (refused > 10) output.say(`... ${refused} rows refused in all`);
        return refused > 0 ? EXIT.refused : EXIT.done;
      }),
    );
};

function toJson({ customerId, next, scores, best }: CustomerScore): unknown {
  return {
    customer_id: customerId,
    next,
    scores: scores.map((score) => ({
      offer_id: score.offerId,
      basis: score.basis,
      probability_none: score.probabilityNone,
      probability_offer: score.probabilityOffer,
      uplift: score.uplift,
      lift: score.lift,
      expected_value: score.expectedValue,
    })),
    best,
  };
}
