import type { Database, SqlRow } from "../../io/sqlite/index.ts";

/**
 * The subject of a review: a distinct ad or a photo, each by a hash of its bytes, so that changed bytes are a
 * new draft.
 */
export type ReviewSubject = "ad" | "photo";

const REVIEW_STATES = ["draft", "in_review", "approved", "changes_requested"] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

type ReviewAction = "approve" | "reject" | "reopen" | "comment" | "assign" | "undo";

/** One action of a reviewer; events are only ever appended. */
export interface ReviewEvent {
  readonly seq: number;
  readonly subject: ReviewSubject;
  readonly hash: string;
  readonly action: ReviewAction;
  /** The state after the event; null: unchanged. */
  readonly state: ReviewState | null;
  /** A reason or a comment. */
  readonly text: string | null;
  readonly assignee: string | null;
  readonly actor: string;
  readonly at: Date;
}

/** Current state of a subject. */
export interface ReviewStanding {
  readonly state: ReviewState;
  /** The last reviewer's reason for this state; null: none given. */
  readonly reason: string | null;
  readonly assignee: string | null;
  readonly actor: string | null;
  readonly at: Date | null;
  /**
   * Number of the last event; 0: none. Of two reviewers who send the same number, only the first is accepted.
   */
  readonly seq: number;
}

export const DRAFT: ReviewStanding = {
  state: "draft",
  reason: null,
  assignee: null,
  actor: null,
  at: null,
  seq: 0,
};

interface NewReview extends Omit<ReviewEvent, "seq" | "subject" | "hash" | "action" | "state"> {
  readonly action: ReviewAction;
  readonly state: ReviewState | null;
}

export interface Reviews {
  /** Appends one event to each subject, all or none. */
  add(subject: ReviewSubject, hashes: readonly string[], review: NewReview): void;
  /** The current state of every subject with an event. */
  standings(subject: ReviewSubject): ReadonlyMap<string, ReviewStanding>;
  standing(subject: ReviewSubject, hash: string): ReviewStanding;
  /** Oldest first. */
  history(subject: ReviewSubject, hash: string): readonly ReviewEvent[];
  /** Changes whenever any process adds an event. */
  version(): number;
}

/** @param beforeWrite sets how a commit waits for the disk */
export function createReviews(database: Database, beforeWrite: () => void): Reviews {
  const add = database.prepare(
    "INSERT INTO reviews (subject, hash, action, state, text, assignee, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const all = database.prepare("SELECT * FROM reviews WHERE subject = ? ORDER BY seq");
  const one = database.prepare("SELECT * FROM reviews WHERE subject = ? AND hash = ? ORDER BY seq");
  const last = database.prepare("SELECT max(seq) AS seq FROM reviews");
  return {
    add(subject, hashes, { action, state, text, assignee, actor, at }) {
      beforeWrite();
      database.transaction(() => {
        for (const hash of hashes) add.run(subject, hash, action, state, text, assignee, actor, at.getTime());
      });
    },
    standings(subject) {
      const standings = new Map<string, ReviewStanding>();
      for (const row of all.all(subject)) {
        const event = readEvent(row);
        standings.set(event.hash, follow(standings.get(event.hash) ?? DRAFT, event));
      }
      return standings;
    },
    standing: (subject, hash) => one.all(subject, hash).map(readEvent).reduce(follow, DRAFT),
    history: (subject, hash) => one.all(subject, hash).map(readEvent),
    version: () => Number(last.get()?.seq ?? 0),
  };
}

function follow(before: ReviewStanding, event: ReviewEvent): ReviewStanding {
  const assignee = event.assignee ?? before.assignee;
  if (event.state === null) return { ...before, assignee, seq: event.seq };
  const { state, text: reason, actor, at, seq } = event;
  return { state, reason, assignee, actor, at, seq };
}

function readEvent(row: SqlRow): ReviewEvent {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    seq: Number(row.seq),
    subject: row.subject as ReviewSubject,
    hash: String(row.hash),
    action: row.action as ReviewAction,
    state: row.state as ReviewState | null,
    text: text(row.text),
    assignee: text(row.assignee),
    actor: String(row.actor),
    at: new Date(Number(row.at)),
  };
}
