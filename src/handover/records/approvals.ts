import type { Creative } from "../../ads/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { RunRecords } from "./types.ts";

export const APPROVAL_POLICIES = ["none", "warn", "required"] as const;
/** Whether ads must be approved before export; `warn`: unapproved ads are counted and exported. */
export type ApprovalPolicy = (typeof APPROVAL_POLICIES)[number];

/** Identifies a distinct ad by the bytes of its creatives: a change of bytes makes another, unapproved ad. */
export function adHash(creatives: readonly Pick<Creative, "sha256">[]): string {
  return hashBytes(creatives.map(({ sha256 }) => sha256).join("\n")).slice(0, 32);
}

/** Whether an ad is approved now, including approvals by other processes. */
export type IsApproved = (creatives: readonly Pick<Creative, "sha256">[]) => boolean;

export function createApprovals({ reviews }: Pick<RunRecords, "reviews">): IsApproved {
  let version = -1;
  let approved: ReadonlySet<string> = new Set();
  const hashes = new WeakMap<object, string>();
  return (creatives) => {
    const now = reviews.version();
    if (now !== version) {
      const standings = [...reviews.standings("ad")];
      approved = new Set(standings.flatMap(([hash, { state }]) => (state === "approved" ? [hash] : [])));
      version = now;
    }
    const hash = hashes.get(creatives) ?? adHash(creatives);
    hashes.set(creatives, hash);
    return approved.has(hash);
  };
}
