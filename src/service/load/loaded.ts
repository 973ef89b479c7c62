import { type Decider, openDecider, type RunParts } from "../../campaign/index.ts";
import type { Decision } from "../../handover/index.ts";
import { type CrmRows, readCrmRows } from "../decide/rows.ts";
import { indexRun, type RunIndex } from "../decide/run-index.ts";
import type { NameDecision } from "../decide/token.ts";

/** What is loaded from files that can change. */
export interface Loaded {
  readonly index: RunIndex;
  readonly decider: Decider;
  readonly crm: CrmRows;
  /** Ads with the default photo, by offer. */
  readonly defaults: ReadonlyMap<string, Decision>;
}

export interface LoadOptions {
  readonly parts: RunParts;
  readonly out: string;
  readonly nameOf: NameDecision;
  /** The index of the run, if the run did not change. */
  readonly keep?: RunIndex | undefined;
}

/** @throws ERR_RUN_UNREADABLE, and what starting a run throws */
export async function load({ parts, out, nameOf, keep }: LoadOptions): Promise<Loaded> {
  const index = keep ?? (await indexRun(out, { vault: parts.vault ?? null, nameOf }));
  const decider = await openDecider(parts);
  try {
    const defaults = new Map<string, Decision>();
    for (const { id } of parts.campaign.offers) {
      defaults.set(id, await decider.drawDefault(id));
    }
    // If the run has all customers, no row is needed.
    const crm = index.size >= decider.rows ? NO_ROWS : await readCrmRows(decider, index.has);
    return { index, decider, crm, defaults };
  } catch (error) {
    await decider.close();
    throw error;
  }
}

const NO_ROWS: CrmRows = { size: 0, find: () => null };
