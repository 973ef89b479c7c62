import { LookalikeError } from "../../core/index.ts";
import type { ReviewStanding, ReviewState, ReviewSubject, Reviews } from "../../handover/index.ts";
import type { Act, Standing } from "./schemas.ts";

/** What reviewers do; every act is kept. */

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
 * Keeps an act on one or many subjects.
 *
 * @throws ERR_OPTION_INVALID a rejection without a reason, or an assignment without a name
 * @throws ERR_REVIEW_CONFLICT another user changed the subject since it was loaded
 */
export function actOn(
  reviews: Reviews,
  subject: ReviewSubject,
  { action, hashes, text, assignee, seen }: Act,
  { actor, at }: Reviewer,
): Readonly<Record<string, Standing>> {
  requireText(action, text, assignee);
  const [first = ""] = hashes;
  if (seen !== undefined && hashes.length === 1 && reviews.standing(subject, first).seq !== seen) {
    throw new LookalikeError(
      "ERR_REVIEW_CONFLICT",
      "Expected the state that you loaded but another user changed it since",
      {
        hint: "Check the new state, then decide.",
      },
    );
  }
  const shared = { text: text ?? null, assignee: assignee ?? null, actor, at };
  if (action === "undo") {
    for (const hash of hashes) {
      reviews.add(subject, [hash], { ...shared, action, state: stateBefore(reviews, subject, hash) });
    }
  } else if (action === "assign") {
    for (const hash of hashes) {
      const isDraft = reviews.standing(subject, hash).state === "draft";
      reviews.add(subject, [hash], { ...shared, action, state: isDraft ? "in_review" : null });
    }
  } else {
    reviews.add(subject, hashes, { ...shared, action, state: NEXT[action] });
  }
  return Object.fromEntries(hashes.map((hash) => [hash, plain(reviews.standing(subject, hash))]));
}

/** The state before the last change of it that was not undone yet. */
function stateBefore(reviews: Reviews, subject: ReviewSubject, hash: string): ReviewState {
  const states: ReviewState[] = ["draft"];
  for (const { action, state } of reviews.history(subject, hash)) {
    if (state === null) continue;
    if (action === "undo" && states.length > 1) states.pop();
    else if (action !== "undo") states.push(state);
  }
  return states.at(-2) ?? "draft";
}

function requireText(action: Act["action"], text: string | undefined, assignee: string | undefined): void {
  const needsText = action === "reject" || action === "comment";
  if (needsText && (text ?? "").trim() === "") {
    throw new LookalikeError("ERR_OPTION_INVALID", `Expected a text to ${action} but received none`, {
      hint: "Describe what must change.",
    });
  }
  if (action === "assign" && (assignee ?? "").trim() === "") {
    throw new LookalikeError("ERR_OPTION_INVALID", "Expected a name to assign to but received none");
  }
}

export function plain({ state, reason, assignee, actor, at, seq }: ReviewStanding): Standing {
  return { state, reason, assignee, actor, at: at?.toISOString() ?? null, seq };
}
