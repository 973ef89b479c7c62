import { invalidOption, LookalikeError, wrongUse } from "../../core/index.ts";
import {
  DRAFT,
  type ReviewEvent,
  type ReviewStanding,
  type ReviewState,
  type ReviewSubject,
  type Reviews,
} from "../../handover/index.ts";
import type { Act, Standing } from "./schemas.ts";

/** Applies the actions of reviewers; every action is stored as an event. */

/** The state after an action; null: unchanged, or it depends on the history. */
const NEXT: Readonly<Record<Act["action"], ReviewState | null>> = {
  approve: "approved",
  reject: "changes_requested",
  reopen: "in_review",
  comment: null,
  assign: null,
  undo: null,
};

export interface Reviewer {
  readonly actor: string;
  readonly at: Date;
}

/**
 * Applies an action to one or many subjects. An undo skips those without anything to undo.
 *
 * @throws ERR_OPTION_INVALID a rejection without a reason, or an assignment without a name
 * @throws ERR_REVIEW_CONFLICT another user changed a subject since it was loaded
 */
export function actOn(
  reviews: Reviews,
  subject: ReviewSubject,
  { action, hashes, text, assignee, seen }: Act,
  { actor, at }: Reviewer,
): Readonly<Record<string, Standing>> {
  requireText(action, text, assignee);
  const before = standingsOf(reviews, subject, hashes);
  if (seen !== undefined) requireSeen(hashes, seen, before);
  const shared = { text: text ?? null, assignee: assignee ?? null, actor, at };
  // Each append waits for the disk: subjects that get the same state are appended together.
  const groups = new Map<ReviewState | null, string[]>();
  for (const hash of hashes) {
    const state = nextState(action, before(hash), () => reviews.history(subject, hash));
    if (state === undefined) continue;
    const group = groups.get(state) ?? [];
    group.push(hash);
    groups.set(state, group);
  }
  for (const [state, group] of groups) reviews.add(subject, group, { ...shared, action, state });
  const after = standingsOf(reviews, subject, hashes);
  return Object.fromEntries(hashes.map((hash) => [hash, standingView(after(hash))]));
}

function requireSeen(
  hashes: readonly string[],
  seen: readonly number[],
  now: (hash: string) => ReviewStanding,
): void {
  if (seen.length !== hashes.length) {
    throw invalidOption(`one number for each of ${hashes.length} hashes`, "seen", seen);
  }
  const changed = hashes.filter((hash, i) => now(hash).seq !== seen[i]).length;
  if (changed === 0) return;
  const what = hashes.length === 1 ? "another user changed it" : `other users changed ${changed} of them`;
  throw new LookalikeError(
    "ERR_REVIEW_CONFLICT",
    `Expected the state that you loaded but ${what} since; nothing is saved`,
    { hint: "Check the new state, then decide." },
  );
}

/** One query for many subjects; for a single one, a query that does not read all. */
function standingsOf(
  reviews: Reviews,
  subject: ReviewSubject,
  { length }: readonly string[],
): (hash: string) => ReviewStanding {
  if (length === 1) return (hash) => reviews.standing(subject, hash);
  const all = reviews.standings(subject);
  return (hash) => all.get(hash) ?? DRAFT;
}

/** @returns null: the state does not change; undefined: there is nothing to undo */
function nextState(
  action: Act["action"],
  { state }: ReviewStanding,
  history: () => readonly ReviewEvent[],
): ReviewState | null | undefined {
  if (action === "undo") return stateBefore(history());
  if (action === "assign" && state === "draft") return "in_review";
  return NEXT[action];
}

/** The state before the last change that is not undone; undefined: there is no such change. */
function stateBefore(history: readonly ReviewEvent[]): ReviewState | undefined {
  const states: ReviewState[] = ["draft"];
  for (const { action, state } of history) {
    if (state === null) continue;
    // Earlier versions stored undos that had nothing to undo.
    if (action === "undo" && states.length > 1) states.pop();
    else if (action !== "undo") states.push(state);
  }
  return states.at(-2);
}

function requireText(action: Act["action"], text: string | undefined, assignee: string | undefined): void {
  const needsText = action === "reject" || action === "comment";
  if (needsText && (text ?? "").trim() === "") {
    throw wrongUse(`a text to ${action}`, "none", "Describe what must change.");
  }
  if (action === "assign" && (assignee ?? "").trim() === "") {
    throw wrongUse("a name to assign to", "none");
  }
}

/** A standing as JSON. */
export function standingView({ state, reason, assignee, actor, at, seq }: ReviewStanding): Standing {
  return { state, reason, assignee, actor, at: at?.toISOString() ?? null, seq };
}
