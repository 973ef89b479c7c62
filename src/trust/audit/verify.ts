import { isSameHash } from "../vault.ts";
import { type AuditBounds, type AuditEntry, type EntryRow, rowOf } from "./rows.ts";

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

export type AuditCheck =
  | {
      readonly status: "intact";
      readonly entries: number;
      readonly head: AuditHead;
      /** Number of entries that are older than the previous one: the clock was set back. */
      readonly clockSteps: number;
    }
  | {
      readonly status: "broken";
      readonly problem: AuditProblem;
      /** Number of the first wrong entry. */
      readonly seq: number;
    };

type AuditProblem = "changed" | "gap" | "truncated" | "head" | "replaced";

/** The keyed hash of an entry, over the hash of the entry before it. */
export type Chain = (before: string, row: EntryRow) => string;

/** The keyed seal of the first or the last entry. */
export type Seal = (name: "start" | "head", head: AuditHead) => string;

export interface StoredChain {
  readonly bounds: AuditBounds;
  /** Oldest first. */
  readonly entries: Iterable<AuditEntry>;
  readonly chain: Chain;
  readonly sealOf: Seal;
}

/**
 * Follows the chain from its sealed start to its sealed head.
 *
 * @param expected a head that was stored earlier; a log restored from an older copy does not contain it
 */
export function verifyChain(
  { bounds, entries, chain, sealOf }: StoredChain,
  expected: AuditHead | undefined,
): AuditCheck {
  const { start, startSeal, head, headSeal } = bounds;
  if (!isSameHash(startSeal, sealOf("start", start))) return broken("head", start.seq);
  let last = start;
  let time = 0;
  let clockSteps = 0;
  let isExpectedFound = expected === undefined || isSameHead(expected, start);
  for (const entry of entries) {
    const next = { seq: entry.seq, hash: chain(last.hash, rowOf(entry)) };
    if (next.seq !== last.seq + 1) return broken("gap", last.seq + 1);
    if (!isSameHash(next.hash, entry.hash)) return broken("changed", next.seq);
    if (entry.at.getTime() < time) clockSteps++;
    time = entry.at.getTime();
    last = next;
    isExpectedFound ||= expected !== undefined && isSameHead(expected, next);
  }
  if (!isSameHash(headSeal, sealOf("head", head))) return broken("head", head.seq);
  if (last.seq < head.seq) return broken("truncated", last.seq + 1);
  if (!isSameHead(last, head)) return broken("head", head.seq);
  if (!isExpectedFound) return broken("replaced", expected?.seq ?? 0);
  return { status: "intact", entries: head.seq - start.seq, head, clockSteps };
}

function isSameHead(a: AuditHead, b: AuditHead): boolean {
  return a.seq === b.seq && a.hash === b.hash;
}

function broken(problem: AuditProblem, seq: number): AuditCheck {
  return { status: "broken", problem, seq };
}
