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

/** Larger runs are read only by `lookalike results`: here it would delay requests for ads. */
const MOST_CUSTOMERS = 100_000;
/** Results are read again after this time if there are new outcomes. */
const EVERY_MS = 60_000;

/** @returns the results of the reported outcomes, in words; null: no outcomes, or too many customers */
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
