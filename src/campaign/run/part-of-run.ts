import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { canonicalId, wrongUse } from "../../core/index.ts";
import { type RunManifest, readDecisions, readManifest, runFiles } from "../../handover/index.ts";
import type { Vault } from "../../trust/index.ts";
import type { Campaign } from "../types.ts";
import { experimentOf } from "./hand-over.ts";

/**
 * Reads the manifest of the finished run that decisions for some customers are merged into. `run.json` has one campaign,
 * one currency and one experiment for all decisions of the folder, so that those of the campaign must be the same.
 *
 * @returns null if the folder has no finished run
 * @throws ERR_RUN_UNREADABLE; ERR_OPTION_INVALID the run has another name, currency or experiment
 */
export async function readRunToExtend(out: string, campaign: Campaign): Promise<RunManifest | null> {
  if (!existsSync(runFiles(out).decisions)) return null;
  const earlier = await readManifest(out);
  const design = JSON.parse(JSON.stringify(experimentOf(campaign)));
  const different = [
    earlier.campaign === campaign.name ? [] : ["name"],
    earlier.currency === campaign.currency ? [] : ["currency"],
    isDeepStrictEqual(earlier.experiment, design) ? [] : ["experiment"],
  ].flat();
  if (different.length === 0) return earlier;
  throw wrongUse(
    `the campaign of the finished run in ${out}`,
    `one with another ${different.join(", ")}`,
    "Restore the campaign file, generate for all customers, or choose another output folder.",
  );
}

/**
 * Counts the other customers of a finished run by their offer: their part of the budgets is used.
 *
 * @param selection customers who are decided again and do not count
 * @returns customers by offer id; empty without a finished run
 * @throws ERR_RUN_UNREADABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function countOthers(
  out: string,
  selection: ReadonlySet<string>,
  vault: Vault | null,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const path = runFiles(out).decisions;
  if (!existsSync(path)) return counts;
  for await (const { customer_id, offer } of readDecisions(path, vault)) {
    if (!selection.has(canonicalId(customer_id))) counts.set(offer.id, (counts.get(offer.id) ?? 0) + 1);
  }
  return counts;
}
