import { resolve } from "node:path";
import { canonicalId } from "../../core/index.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { type Decision, type Journal, openJournal } from "../../handover/index.ts";
import type { OfferModel } from "../../offers/index.ts";
import type { AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import { createAssigner } from "../deciding/assign.ts";
import { hasBudgets, shareBudgets } from "../deciding/budgets.ts";
import { decideAll } from "../deciding/decide-all.ts";
import { readRunBatches } from "../deciding/run-batches.ts";
import { createFaceArms } from "../matching/face-arms.ts";
import type { Campaign, GenerateReport } from "../types.ts";
import { fingerprintRun } from "./fingerprint.ts";
import { handOver } from "./hand-over.ts";
import { countOthers, readRunToExtend } from "./part-of-run.ts";
import { prepareRun } from "./prepare.ts";
import { createTally, type Tally } from "./tally.ts";

export interface GenerateOptions {
  readonly campaign: Campaign;
  /** The indexed inventory; its faces must come from the engine's embedder. */
  readonly gallery: Gallery;
  readonly engine: FaceEngine;
  readonly model: OfferModel;
  /** Output folder, created if missing: `decisions.jsonl`, `run.json`, `proof.html` and `creatives/`. */
  readonly out: string;
  /**
   * Decide only for these customers; default: all. In a finished run of the output folder their decisions are
   * replaced or added, and all others stay, with their part of the budgets.
   */
  readonly customers?: readonly string[] | undefined;
  /** The clock, with which consent and releases are checked again for every photo; default: the machine's. */
  readonly now?: (() => Date) | undefined;
  /**
   * The consent registry, which takes precedence over the customers' file; required for a campaign with a
   * privacy section.
   */
  readonly consents?: ConsentRegistry | null | undefined;
  /** Encrypts the decisions on disk; default: they are in plain text. */
  readonly vault?: Vault | null | undefined;
  /** Records the run and each face that it computes; default: no log. */
  readonly audit?: AuditLog | null | undefined;
  /** Template of the ads in all channels; default: the campaign's, else `panel`. */
  readonly template?: string | undefined;
  /** Ads drawn at once; default 4. */
  readonly jobs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each decision. */
  readonly onProgress?: ((report: GenerateReport) => void) | undefined;
  /** Called while budgets are allocated, in a pass before the first decision. */
  readonly onWeighed?: ((customers: number, total: number) => void) | undefined;
}

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
  const { campaign, engine, gallery, out, signal, jobs = 4, now = () => new Date() } = options;
  const { consents = null, audit = null, vault = null } = options;
  const at = now();
  const selection = options.customers === undefined ? null : new Set(options.customers.map(canonicalId));
  const extended = selection === null ? null : await readRunToExtend(out, campaign);
  const prepared = await prepareRun({ ...options, now });
  const { reader, decideParts, drawing } = prepared;
  let journal: Journal | null = null;
  let finished = false;
  try {
    tally.settle({
      unjudgedOffers: prepared.unjudgedOffers,
      total: selection?.size ?? reader.rows,
      isSelection: selection !== null,
      rowsNow: () => reader.report,
    });
    const fingerprint = await fingerprintRun({
      campaign,
      gallery,
      model: prepared.model,
      engine,
      selection,
      consents: consents?.version ?? null,
    });
    journal = await openJournal({ out, fingerprint, vault, isPartOfRun: selection !== null });
    const shares = await shareBudgets(decideParts, readRunBatches(reader, selection, signal), {
      used:
        selection === null || !hasBudgets(campaign) ? undefined : await countOthers(out, selection, vault),
      onWeighed: (weighed) => options.onWeighed?.(weighed, tally.report.total),
    });
    const earlier = yield* takeOver(journal, tally);
    const parts = {
      ...decideParts,
      engine,
      gallery,
      assign: createAssigner(campaign, shares),
      faceArms: createFaceArms(campaign, gallery, prepared.network),
      now,
    };
    audit?.append("run.start", {
      detail: {
        campaign: campaign.name,
        resumed: earlier,
        out: resolve(out),
        registry: consents?.id ?? null,
      },
    });
    const unknown = new Set(selection ?? []);
    const batches = readRunBatches(reader, selection, signal, (id) => unknown.delete(id));
    for await (const { decision, warnings } of decideAll(parts, drawing, batches, {
      skip: earlier,
      jobs,
      onErased: tally.erased,
    })) {
      await journal.append(decision);
      tally.made(decision);
      tally.warned(warnings);
      options.onProgress?.(tally.report);
      yield decision;
    }
    tally.settle({ unknownCustomers: [...unknown] });
    await journal.finish();
    finished = true;
    audit?.append("run.finish", { detail: { decisions: tally.report.decisions } });
    await handOver(out, { campaign, report: tally.report, at, consents, vault, earlier: extended });
  } finally {
    if (!finished) await journal?.suspend();
    await prepared.close();
  }
}

/** Yields the decisions of an interrupted run with the same inputs, and returns their number. */
async function* takeOver(journal: Journal, tally: Tally): AsyncGenerator<Decision, number> {
  let count = 0;
  for await (const decision of journal.earlier()) {
    tally.resumed(decision);
    count++;
    yield decision;
  }
  return count;
}
