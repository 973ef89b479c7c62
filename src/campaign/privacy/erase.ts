import { canonicalId } from "../../core/index.ts";
import { forgetInNetwork } from "../../customers/index.ts";
import type { Decision } from "../../handover/index.ts";
import type { AuditHead, AuditLog, ConsentRegistry, Vault } from "../../trust/index.ts";
import { changeRun, type RunChange, withRuns } from "./runs.ts";
import { networkOf } from "./withdraw.ts";

export interface EraseOptions {
  readonly consents: ConsentRegistry;
  readonly audit: AuditLog;
  /** Output folders of `generate` under the user's control. */
  readonly outs: readonly string[];
  readonly vault?: Vault | null | undefined;
  /** Time of the erasure; default: now. */
  readonly at?: Date | undefined;
}

/** Evidence of an erasure, without personal data: it can be stored and shown. */
export interface EraseReceipt {
  readonly kind: "customer" | "photo" | "release";
  readonly at: Date;
  readonly removed: {
    readonly consents: number;
    /** Decisions removed, or changed to show no photo. */
    readonly decisions: number;
    /** Creatives made only for the erased customers. */
    readonly creatives: number;
    readonly exports: number;
    readonly photos: number;
    /** Decisions that the service made, outcomes and exposures. */
    readonly records: number;
    /** Answers of raters about the photos, if files of them were given. */
    readonly judgements?: number | undefined;
  };
  /** For a customer: false if no consent, decision or earlier erasure was found, so that they were only blocked. */
  readonly known?: boolean | undefined;
  /** Head of the audit log after the erasure: store it to verify the log later. */
  readonly audit: AuditHead;
}

/**
 * Erases a customer: consents, decisions, creatives made only for them, creatives with customer values that no decision
 * uses any more, and exports of the runs concerned. A keyed hash is kept, so that later imports and runs skip the
 * customer. Takes the locks of all runs before any change and blocks the customer first, so that no process adds data
 * during the erasure. If the process is killed, run it again to complete the erasure.
 *
 * A customer without stored data is blocked too, because the customers' file may contain them; the receipt then has
 * `known: false`. The customers' file and its portraits are not changed.
 *
 * @throws ERR_RUN_BUSY, ERR_STORE_BUSY, ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 *
 * @example
 * const receipt = await eraseCustomer("c-17", { consents, audit, outs: ["ads"] });
 * console.log(receipt.removed.decisions, receipt.audit.hash);
 */
export async function eraseCustomer(customerId: string, options: EraseOptions): Promise<EraseReceipt> {
  const { consents, audit, at = new Date() } = options;
  const id = canonicalId(customerId);
  const { records, isRegistered, runs } = await withRuns(options.outs, async () => {
    const kept = consents.of(id).length;
    const isKnown = consents.erase(id, at);
    await forgetInNetwork(id, { folder: networkOf(audit), vault: options.vault ?? null });
    const changed = await changeRuns(options, {
      change: (decision) =>
        canonicalId(decision.customer_id) === id ? null : withoutEnded(decision, consents, at),
      // For unused creatives it is unknown whose values they show: all with customer values are removed.
      isLeftover: (origin) => origin === null || origin.isPersonal,
      customerId: id,
    });
    return { records: kept, isRegistered: isKnown, runs: changed };
  });
  const removed = { consents: records, ...runs, photos: 0 };
  const known = isRegistered || runs.decisions + runs.records > 0;
  audit.append("erase.customer", { customerId, detail: { ...removed, known } });
  return { kind: "customer", at, removed, known, audit: audit.head() };
}

/** Removes the photo of another customer's decision if the erased person had a part in its choice. */
function withoutEnded(decision: Decision, consents: ConsentRegistry, at: Date): Decision {
  const { customer_id: customerId, photo } = decision;
  if (photo?.permit === undefined) return decision;
  const ended = consents.endedPermits([{ customerId, permit: photo.permit }], at);
  return ended.size === 0 ? decision : { ...decision, photo: null, copy: null, creatives: [] };
}

/** Changes every run and returns the totals. The caller has the locks. */
export async function changeRuns({ outs, vault = null }: EraseOptions, change: RunChange) {
  const total = { decisions: 0, creatives: 0, exports: 0, records: 0 };
  for (const out of outs) {
    const { decisions, creatives, exports, records } = await changeRun(out, vault, change);
    total.decisions += decisions;
    total.creatives += creatives;
    total.exports += exports;
    total.records += records;
  }
  return total;
}
