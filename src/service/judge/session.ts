import { appendFile, stat, truncate } from "node:fs/promises";
import { LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import type { Judgement, Question, Questioner } from "../../learning/index.ts";

/** One rater at work: the question that is open, and the answers so far. */
export interface JudgeSession {
  readonly total: number;
  /** The open question; null when all are answered. */
  current(): { readonly question: Question; readonly done: number } | null;
  answer(answer: Judgement["answer"]): Promise<void>;
  /** Undoes the last answer and repeats its question; false if there is none. */
  undo(): Promise<boolean>;
}

export interface SessionOptions {
  readonly questioner: Questioner;
  readonly rater: string;
  readonly total: number;
  /** `judgements.jsonl`, appended to. */
  readonly path: string;
  readonly now: () => Date;
}

export function createJudgeSession({ questioner, rater, total, path, now }: SessionOptions): JudgeSession {
  const answered: { readonly question: Question; readonly bytes: number }[] = [];
  let open: Question | null = total > 0 ? questioner.next() : null;
  let turn: Promise<unknown> = Promise.resolve();
  // Answers that arrive together are written one after the other.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  return {
    total,
    current: () => open && { question: open, done: answered.length },
    answer: (answer) =>
      inTurn(async () => {
        if (open === null) return;
        const judgement: Judgement = { rater, ...open, answer, at: now().toISOString() };
        const line = `${JSON.stringify(judgement)}\n`;
        await guarded(path, () => appendFile(path, line, { mode: 0o600 }));
        answered.push({ question: open, bytes: Buffer.byteLength(line) });
        questioner.learn(judgement);
        open = answered.length < total ? questioner.next() : null;
      }),
    undo: () =>
      inTurn(async () => {
        const last = answered.pop();
        if (last === undefined) return false;
        await guarded(path, async () => truncate(path, (await stat(path)).size - last.bytes));
        open = last.question;
        return true;
      }),
  };
}

async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${path}: ${reason(cause)}`, {
      hint: "Check that the folder exists and is writable.",
      cause,
    });
  }
}
