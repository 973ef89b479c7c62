import type { Decision } from "../types.ts";

/** Decisions with unapproved ads. */
export interface Unapproved {
  /** Decisions that get the default photo's ad instead. */
  readonly replaced: number;
  /** Decisions left out, because the default photo's ad is unapproved too. */
  readonly waiting: number;
  /** Number of distinct unapproved ads. */
  readonly ads: number;
}

/** Replaces or drops decisions with ads that may not be used. */
export interface ApprovalFilter {
  keep(batch: readonly Decision[]): readonly Decision[];
  /** The counts so far; null: no approval is required. */
  readonly unapproved: Unapproved | null;
}

export interface ApprovalOptions {
  readonly isApproved: (creatives: Decision["creatives"]) => boolean;
  /** `warn`: count unapproved ads and export them. */
  readonly policy: "warn" | "required";
  /** Decisions with the default photo, by offer, that replace others. */
  readonly defaults: ReadonlyMap<string, Decision>;
}

/** @param options null: no approval is required */
export function createApprovalFilter(options: ApprovalOptions | null): ApprovalFilter {
  const counts = { replaced: 0, waiting: 0 };
  const ads = new Set<string>();
  return {
    keep(batch) {
      if (options === null) return batch;
      const { isApproved, policy, defaults } = options;
      return batch.flatMap((decision): readonly Decision[] => {
        const [first] = decision.creatives;
        if (first === undefined || isApproved(decision.creatives)) return [decision];
        ads.add(first.file);
        if (policy === "warn") {
          counts.waiting++;
          return [decision];
        }
        const other = defaults.get(decision.offer.id);
        if (other === undefined || decision.own_default === true) {
          counts.waiting++;
          return [];
        }
        counts.replaced++;
        const { photo, copy, creatives } = other;
        return [{ ...decision, photo: photo && { ...photo, reason: "not_approved" }, copy, creatives }];
      });
    },
    get unapproved() {
      return options === null ? null : { ...counts, ads: ads.size };
    },
  };
}

/** The approved ads with the default photo and the text for all customers, by offer. */
export async function findDefaults(
  decisions: AsyncIterable<Decision>,
  isApproved: ApprovalOptions["isApproved"],
  plainWords: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Decision>> {
  const defaults = new Map<string, Decision>();
  for await (const decision of decisions) {
    const { offer, photo, copy, creatives } = decision;
    if (photo?.basis !== "default" || defaults.has(offer.id)) continue;
    // An ad with one customer's text cannot be shown to others.
    if (JSON.stringify(copy) !== plainWords.get(offer.id)) continue;
    if (isApproved(creatives)) defaults.set(offer.id, decision);
  }
  return defaults;
}
