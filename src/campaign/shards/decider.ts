import { LookalikeError } from "../../core/index.ts";
import type { BudgetShares } from "../deciding/assign.ts";
import { createAssigner } from "../deciding/assign.ts";
import { weighBatch } from "../deciding/budgets.ts";
import { decideAll } from "../deciding/decide-all.ts";
import type { RunBatch } from "../deciding/run-batches.ts";
import type { FinishedDecision } from "../drawing/creative.ts";
import { createFaceArms } from "../matching/face-arms.ts";
import { hasInfluencerArm } from "../matching/network-sources.ts";
import type { OpenCampaign } from "../open.ts";
import { fingerprintWork } from "../run/fingerprint.ts";
import { prepareForColumns, type RunParts } from "../run/prepare.ts";
import type { Campaign } from "../types.ts";

/** Decides for parts of a run with the functions of a whole run, and so with the same results. */
export interface ShardDecider {
  /** Hash of everything except the customers. */
  readonly workFingerprint: string;
  /** The worth of each offer for each customer, by the campaign's offers; for runs with budgets. */
  weigh(part: RunBatch): Promise<readonly Float64Array[]>;
  /**
   * Decides for customers in order; customers who are erased at that moment are left out.
   *
   * @param shares the allocation of the budgets; null: the run has none
   */
  decide(batches: AsyncIterable<RunBatch>, shares: BudgetShares | null): AsyncIterable<FinishedDecision>;
  close(): Promise<void>;
}

export interface ShardDeciderOptions {
  /** The columns of every batch, in the order of the snapshot. */
  readonly columns: readonly string[];
  /** Ads drawn at once; default 4. */
  readonly jobs?: number | undefined;
}

/** @throws as starting a run, except errors of opening the customers */
export async function openShardDecider(
  parts: RunParts,
  { columns, jobs = 4 }: ShardDeciderOptions,
): Promise<ShardDecider> {
  const { campaign, gallery, engine, model, now } = parts;
  requireNoNetwork(campaign);
  const { decideParts, drawing, close } = await prepareForColumns(parts, columns);
  try {
    const workFingerprint = await fingerprintWork({ campaign, gallery, model, engine });
    const faceArms = createFaceArms(campaign, gallery, null);
    return {
      workFingerprint,
      async weigh(part) {
        const worths: Float64Array[] = [];
        await weighBatch(decideParts, part, (row) => worths.push(row.slice()));
        return worths;
      },
      decide(batches, shares) {
        const assign = createAssigner(campaign, shares);
        const deciding = { ...decideParts, engine, gallery, assign, faceArms, now };
        return decideAll(deciding, drawing, batches, { jobs, onErased: () => {} });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Rejects the arm `influencer`: ties are read from the logs, on one machine. */
function requireNoNetwork(campaign: Campaign): void {
  if (!hasInfluencerArm(campaign)) return;
  throw new LookalikeError(
    "ERR_CAMPAIGN_INVALID",
    "Expected no experiment.faces.influencer for a run on several machines but received a share",
    { hint: "Run `lookalike generate` on one machine, or set the share to 0." },
  );
}

/** The present work fingerprint of an open campaign. */
export async function workFingerprintOf(opened: OpenCampaign): Promise<string> {
  const { campaign } = opened;
  const [gallery, engine, model] = [await opened.gallery(), await opened.engine(), await opened.model()];
  return fingerprintWork({ campaign, gallery, model, engine });
}
