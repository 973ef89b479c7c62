import type { Decision } from "../types.ts";

/**
 * Returns the customers who may no longer be used, with the reason; all others may. The consent registry's
 * `stopped` is one.
 */
export type StoppedCustomers = (
  customerIds: readonly string[],
  /** Choices influenced by contacts of the customers, whose permit must still be valid. */
  uses?: readonly { readonly customerId: string; readonly permit: string }[],
) => ReadonlyMap<string, "erased" | "withdrawn" | "expired" | "missing">;

/** Decisions of the run that are left out of an export. */
export interface Withheld {
  /** Customers who were erased. */
  readonly erased: number;
  /** Customers whose consent to face matching has ended, and whose photo was chosen by their face. */
  readonly consentEnded: number;
}

/** Reads consents again for every batch, so that the latest withdrawals count. */
export interface ConsentFilter {
  /** The decisions that may be used. */
  keep(batch: readonly Decision[]): readonly Decision[];
  /** The counts so far; null: no registry. */
  readonly withheld: Withheld | null;
}

export function createConsentFilter(stopped: StoppedCustomers | null): ConsentFilter {
  const counts = { erased: 0, consentEnded: 0 };
  return {
    keep(batch) {
      const ended = stopped?.(
        batch.map((decision) => decision.customer_id),
        batch.flatMap(usesOf),
      );
      if (ended === undefined || ended.size === 0) return batch;
      return batch.filter(({ customer_id, photo }) => {
        const why = ended.get(customer_id);
        if (why === "erased") counts.erased++;
        else if (why !== undefined && photo != null && isByFace(photo)) counts.consentEnded++;
        else return true;
        return false;
      });
    },
    get withheld() {
      return stopped === null ? null : { ...counts };
    },
  };
}

function usesOf({ customer_id: customerId, photo }: Decision) {
  return photo?.permit === undefined ? [] : [{ customerId, permit: photo.permit }];
}

/**
 * Whether a face affected the choice of a photo. This includes drawn photos: only customers with a computed face get
 * them.
 */
export function isByFace({
  basis,
  reason,
}: Pick<NonNullable<Decision["photo"]>, "basis" | "reason">): boolean {
  return basis !== "default" || reason === "drawn";
}
