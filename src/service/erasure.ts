import { eraseCustomer } from "../campaign/index.ts";
import { findKnownRuns } from "../handover/index.ts";
import { noRegistry } from "./api/errors.ts";
import type { ErasedAnswer } from "./api/schemas.ts";
import { createFairQueue } from "./fair-queue.ts";
import type { ServiceCampaign } from "./load/options.ts";

/**
 * Erases customers one at a time: each erasure rewrites files of the runs, and a second one would find them locked.
 *
 * @param out folder of the run, absolute
 * @param eraseElsewhere removes the customer from other places; default: there are none
 * @returns erases a customer. It throws ERR_CONSENTS_REQUIRED, ERR_RUN_BUSY, ERR_STORE_BUSY
 */
export function createErasure(
  { consents, audit, vault }: Pick<ServiceCampaign, "consents" | "audit" | "vault">,
  out: string,
  eraseElsewhere: (customerId: string) => Promise<void> = async () => {},
): (customerId: string) => Promise<ErasedAnswer> {
  const inTurn = createFairQueue();
  return (customerId) =>
    inTurn(async () => {
      if (consents === null || audit === null) throw noRegistry();
      const { outs } = findKnownRuns(audit, [out]);
      const { known = false, removed } = await eraseCustomer(customerId, { consents, audit, outs, vault });
      await eraseElsewhere(customerId);
      const { consents: dropped, decisions, creatives, exports, records } = removed;
      return { known, removed: { consents: dropped, decisions, creatives, exports, records } };
    });
}
