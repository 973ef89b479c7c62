import { isLookalikeError } from "../../core/index.ts";
import { conclusionWords, effectWords, headline, readResults } from "../../experiments/index.ts";
import type { RunRecords } from "../../handover/index.ts";
import type { Vault } from "../../trust/index.ts";
import type { ResultsView } from "./schemas.ts";

export interface ResultsOptions {
  readonly out: string;
  readonly records: RunRecords;
  readonly vault: Vault | null;
  readonly now: () => Date;
}

/** Runs of more customers are read by `lookalike results`: here, requests for ads come first. */
const MOST_CUSTOMERS = 100_000;
/** New outcomes change little: results are read again after so long. */
const EVERY_MS = 60_000;

/** What the outcomes that were reported to the service say, in words; null: there are none yet. */
export function createResults({ out, records, vault, now }: ResultsOptions) {
  let last: { readonly at: number; readonly outcomes: number; readonly view: Promise<ResultsView> } | null =
    null;

  const read = async (): Promise<ResultsView> => {
    try {
      const results = await readResults({ runs: [out], outcomes: null, at: now(), vault });
      const words = headline(results);
      const { counted, pending } = results.customers;
      return {
        headline: words.headline,
        sentences: [...words.sentences],
        counted,
        pending,
        comparisons: results.comparisons.map((own) => {
          const { question, difference, conclusion } = own;
          const { reading } = results.design;
          return {
            question: question.text,
            metric: question.metric,
            effect:
              difference === null
                ? ""
                : effectWords(own, difference.value, difference[reading], results.currency),
            conclusion: conclusionWords(conclusion),
          };
        }),
      };
    } catch (error) {
      if (!isLookalikeError(error)) throw error;
      return { headline: error.message, sentences: [error.hint], counted: 0, pending: 0, comparisons: [] };
    }
  };

  return async (customers: number): Promise<ResultsView | null> => {
    const { outcomes } = records.counts();
    if (outcomes === 0 || customers > MOST_CUSTOMERS) return null;
    const at = now().getTime();
    if (last === null || (last.outcomes !== outcomes && at - last.at >= EVERY_MS)) {
      last = { at, outcomes, view: read() };
    }
    return last.view;
  };
}
