import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expected, invalidOption, LookalikeError } from "../../core/index.ts";
import { csvLine } from "../../handover/index.ts";
import { type OpenOutcomesOptions, openOutcomes } from "../outcomes/open.ts";

/** Names of the log's columns. */
interface LogColumns {
  readonly customerId: string;
  readonly treatment: string;
  readonly outcome: string;
  readonly value: string;
  readonly propensity: string;
}

export interface ExperimentLogOptions extends OpenOutcomesOptions {
  /** CSV, replaced if it exists. */
  readonly to: string;
  readonly columns?: Partial<LogColumns> | undefined;
  /** Arm name of the holdout; default `none`. */
  readonly control?: string | undefined;
  /** Arm names in the log, by offer; default: the offers' ids. */
  readonly armOf?: ((offerId: string) => string) | undefined;
  /**
   * `all`: all customers, with the probability of their assignment; `uniform`: only the holdout and customers
   * whose offer was drawn uniformly, which has less variance per customer but fewer customers. Default `all`.
   */
  readonly slice?: "all" | "uniform" | undefined;
}

/**
 * Writes finished runs and their outcomes as an experiment log with known propensities, which `trainOffers`
 * can use. Customers count once their window has ended, and only if every offer they may see had a positive
 * probability: otherwise a model's own choices would appear as effects.
 *
 * @returns number of customers in the log
 * @throws ERR_EXPERIMENT_EMPTY nothing was randomised, or no window has ended
 *
 * @example
 * await writeExperimentLog({ runs: ["ads"], outcomes: "outcomes.csv", at: new Date(), to: "experiment.csv" });
 */
export async function writeExperimentLog(options: ExperimentLogOptions): Promise<number> {
  const { to, control = "none", armOf = (id) => id, slice = "all" } = options;
  const names = { ...DEFAULT_COLUMNS, ...options.columns };
  const { database, units } = await openOutcomes(options);
  const { explore, holdout } = units.design;
  try {
    if (!(explore > 0 && holdout > 0)) {
      throw new LookalikeError(
        "ERR_EXPERIMENT_EMPTY",
        expected(
          "runs with experiment.holdout and experiment.explore above 0",
          "learning",
          `${holdout} and ${explore}`,
        ),
        {
          hint: "Set experiment.explore, such as 0.05: training needs runs in which every offer had a chance.",
        },
      );
    }
    if (slice === "uniform" && units.designs.some(({ exploreShares }) => exploreShares)) {
      throw invalidOption(
        "runs whose offers were drawn evenly",
        "slice: uniform",
        "learned shares",
        "Use slice: all, which weights each customer by the probability of the offer.",
      );
    }
    const given = `CASE WHEN holdout = 'holdout' THEN ${holdout} ELSE (1 - ${holdout}) * offer_propensity END`;
    const drawn = (1 - holdout) * explore;
    const even = `CASE WHEN holdout = 'holdout' THEN ${holdout} ELSE ${drawn} / explorable END / ${holdout + drawn}`;
    const filter = slice === "all" ? "true" : "(holdout = 'holdout' OR explore = 'explore')";
    const rows = database.stream(
      `SELECT id, shown, y, value, ${slice === "all" ? given : even} AS propensity FROM results
       WHERE is_ripe AND explorable > 0 AND ${filter} ORDER BY unit`,
    );
    let count = 0;
    const lines = async function* () {
      yield csvLine([names.customerId, names.treatment, names.outcome, names.value, names.propensity]);
      for await (const batch of rows) {
        const [ids, shown] = [batch.texts("id"), batch.texts("shown")];
        const [y, value, propensity] = [
          batch.numbers("y"),
          batch.numbers("value"),
          batch.numbers("propensity"),
        ];
        for (let row = 0; row < batch.rows; row++) {
          const offer = shown[row] ?? "none";
          const arm = offer === "none" ? control : armOf(offer);
          count++;
          yield csvLine([ids[row] ?? "", arm, String(y[row]), String(value[row]), String(propensity[row])]);
        }
      }
    };
    await pipeline(Readable.from(lines()), createWriteStream(to, { mode: 0o600 }));
    if (count > 0) return count;
    throw new LookalikeError(
      "ERR_EXPERIMENT_EMPTY",
      expected("customers whose window is over", "learning", 0),
      {
        hint: "Wait until experiment.window_days have passed since the run, or pass later outcomes.",
      },
    );
  } finally {
    await database.close();
  }
}

const DEFAULT_COLUMNS: LogColumns = {
  customerId: "customer_id",
  treatment: "offer_id",
  outcome: "converted",
  value: "value",
  propensity: "propensity",
};
