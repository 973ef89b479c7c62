import { resolve } from "node:path";
import { canonicalId } from "../../core/index.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import { type Journal, openJournal } from "../../handover/index.ts";
import type { OfferModel } from "../../offers/index.ts";
import type { AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import { createAssigner } from "../deciding/assign.ts";
import { hasBudgets, shareBudgets } from "../deciding/budgets.ts";
import { decideAll } from "../deciding/decide-all.ts";
import { readRunBatches } from "../deciding/run-batches.ts";
import type { FinishedDecision } from "../drawing/creative.ts";
import { createFaceArms } from "../matching/face-arms.ts";
import type { Campaign, GenerateReport } from "../types.ts";
import { fingerprintRun } from "./fingerprint.ts";
import { handOver } from "./hand-over.ts";
import { countOthers, readRunToExtend } from "./part-of-run.ts";
import { type Prepared, prepareRun } from "./prepare.ts";
import type { Tally } from "./tally.ts";

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

/** A run whose inputs are checked and whose budgets are allocated; `close()` it. */
export interface OpenRun {
  /** The decisions, with those of an interrupted run with the same inputs. */
  readonly journal: Journal;
  /**
   * Decides for the customers in order and draws their ads.
   *
   * @param resumed number of customers whose decisions are in the journal already
   */
  decide(resumed: number): AsyncGenerator<FinishedDecision>;
  /** Completes the decisions, and writes `run.json` and `proof.html`. */
  finish(): Promise<void>;
  /** Without `finish`, keeps the decisions so far for the next run. */
  close(): Promise<void>;
}

/** @throws as `generateAds` */
export async function openRun(options: GenerateOptions, tally: Tally): Promise<OpenRun> {
  const { campaign, out, vault = null, now = () => new Date() } = options;
  const at = now();
  const selection = options.customers === undefined ? null : new Set(options.customers.map(canonicalId));
  const earlier = selection === null ? null : await readRunToExtend(out, campaign);
  const prepared = await prepareRun({ ...options, now });
  let journal: Journal | null = null;
  try {
    tally.settle({
      unjudgedOffers: prepared.unjudgedOffers,
      total: selection?.size ?? prepared.reader.rows,
      isSelection: selection !== null,
      rowsNow: () => prepared.reader.report,
    });
    const fingerprint = await fingerprintOf(options, prepared, selection);
    journal = await openJournal({ out, fingerprint, vault, isPartOfRun: selection !== null });
    const shares = await shareBudgets(
      prepared.decideParts,
      readRunBatches(prepared.reader, selection, options.signal),
      {
        used:
          selection === null || !hasBudgets(campaign) ? undefined : await countOthers(out, selection, vault),
        onWeighed: (weighed) => options.onWeighed?.(weighed, tally.report.total),
      },
    );
    const assign = createAssigner(campaign, shares);
    return createRun({ options, tally, at, now, selection, earlier, prepared, journal, assign });
  } catch (error) {
    await journal?.suspend();
    await prepared.close();
    throw error;
  }
}

interface RunState {
  readonly options: GenerateOptions;
  readonly tally: Tally;
  /** When the run began. */
  readonly at: Date;
  readonly now: () => Date;
  /** Ids of the customers to decide for; null: all. */
  readonly selection: ReadonlySet<string> | null;
  /** The finished run that the decisions are merged into; null: none. */
  readonly earlier: Awaited<ReturnType<typeof readRunToExtend>> | null;
  readonly prepared: Prepared;
  readonly journal: Journal;
  readonly assign: ReturnType<typeof createAssigner>;
}

function createRun({
  options,
  tally,
  at,
  now,
  selection,
  earlier,
  prepared,
  journal,
  assign,
}: RunState): OpenRun {
  const { campaign, engine, gallery, out, jobs = 4, signal } = options;
  const { consents = null, audit = null, vault = null } = options;
  let isFinished = false;
  return {
    journal,
    async *decide(resumed) {
      const detail = { campaign: campaign.name, resumed, out: resolve(out), registry: consents?.id ?? null };
      audit?.append("run.start", { detail });
      const faceArms = createFaceArms(campaign, gallery, prepared.network);
      const parts = { ...prepared.decideParts, engine, gallery, assign, faceArms, now };
      const unknown = new Set(selection ?? []);
      const batches = readRunBatches(prepared.reader, selection, signal, (id) => unknown.delete(id));
      yield* decideAll(parts, prepared.drawing, batches, { skip: resumed, jobs, onErased: tally.erased });
      tally.settle({ unknownCustomers: [...unknown] });
    },
    async finish() {
      await journal.finish();
      isFinished = true;
      audit?.append("run.finish", { detail: { decisions: tally.report.decisions } });
      await handOver(out, { campaign, report: tally.report, at, consents, vault, earlier });
    },
    async close() {
      if (!isFinished) await journal.suspend();
      await prepared.close();
    },
  };
}

function fingerprintOf(
  { campaign, gallery, engine, consents = null }: GenerateOptions,
  { model }: Prepared,
  selection: ReadonlySet<string> | null,
): Promise<string> {
  return fingerprintRun({ campaign, gallery, model, engine, selection, consents: consents?.version ?? null });
}
