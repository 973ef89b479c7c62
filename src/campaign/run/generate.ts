import type { Decision } from "../../handover/index.ts";
import type { GenerateReport } from "../types.ts";
import { type GenerateOptions, openRun } from "./open-run.ts";
import { createTally, type Tally } from "./tally.ts";

/** A run. Read its decisions to the end, once. */
export interface AdRun extends AsyncIterable<Decision> {
  /** The current counts. */
  readonly report: GenerateReport;
}

/**
 * Makes an ad for every customer: scores the offers, chooses one, finds the photo of the inventory whose face resembles
 * the customer's, renders each distinct ad once, and yields one decision per customer in the order of the customers'
 * file. Customers are read in batches, twice if an offer has a budget; memory hardly grows with their number.
 *
 * A portrait is opened only while a consent is valid. Its embedding stays in memory for that one decision and is never
 * written. An interrupted run (abort, kill) resumes when it is started again with the same campaign, inputs, gallery,
 * model and output folder, and yields the earlier decisions first.
 *
 * @throws ERR_GALLERY_EMBEDDER the gallery and the engine use different embedders
 * @throws ERR_PREDICATE_INVALID, ERR_CAMPAIGN_INVALID an offer's condition or placeholder refers to an unknown column
 * @throws ERR_OPTION_INVALID, ERR_RUN_UNREADABLE decisions for some customers cannot be merged into the finished run
 * @throws ERR_CONSENTS_REQUIRED the last run into the folder used another consent registry
 * @throws ERR_CAMPAIGN_INVALID the default photo was erased, or its release is not valid
 * @throws ERR_COPY_TOO_LONG, ERR_GLYPH_MISSING an offer's texts do not fit a channel; before anything is drawn
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_ABORTED, and errors of opening the customers and loading fonts
 *
 * @example
 * const run = generateAds({ campaign, gallery, engine, model, out: "ads" });
 * for await (const decision of run) console.log(decision.customer_id, decision.photo?.reason);
 * console.log(run.report.lookalikes);
 */
export function generateAds(options: GenerateOptions): AdRun {
  const tally = createTally();
  return {
    get report() {
      return tally.report;
    },
    [Symbol.asyncIterator]: () => run(options, tally),
  };
}

async function* run(options: GenerateOptions, tally: Tally): AsyncGenerator<Decision> {
  const { journal, decide, finish, close } = await openRun(options, tally);
  try {
    let resumed = 0;
    for await (const decision of journal.earlier()) {
      tally.resumed(decision);
      resumed++;
      yield decision;
    }
    for await (const { decision, warnings } of decide(resumed)) {
      await journal.append(decision);
      tally.made(decision);
      tally.warned(warnings);
      options.onProgress?.(tally.report);
      yield decision;
    }
    await finish();
  } finally {
    await close();
  }
}
