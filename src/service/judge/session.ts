import { type FileHandle, open as openFile, stat } from "node:fs/promises";
import { writable } from "../../io/files.ts";
import { checkRater, type Judgement, type Question, type Questioner } from "../../learning/index.ts";
import { createFairQueue } from "../fair-queue.ts";

/** The questions and answers of one rater. */
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

/** @throws ERR_OPTION_INVALID the rater's name is blank */
export function createJudgeSession({ questioner, rater, total, path, now }: SessionOptions): JudgeSession {
  checkRater(rater);
  const answered: { readonly judgement: Judgement; readonly line: string }[] = [];
  let open: Question | null = total > 0 ? questioner.next() : null;
  // Concurrent answers are written one after the other.
  const inTurn = createFairQueue();
  return {
    total,
    current: () => open && { question: open, done: answered.length },
    answer: (answer) =>
      inTurn(async () => {
        if (open === null) return;
        const judgement: Judgement = { rater, ...open, answer, at: now().toISOString() };
        const line = `${JSON.stringify(judgement)}\n`;
        await writable(path, () => appendLine(path, line));
        answered.push({ judgement, line });
        questioner.learn(judgement);
        open = answered.length < total ? questioner.next() : null;
      }),
    undo: () =>
      inTurn(async () => {
        const last = answered.pop();
        if (last === undefined) return false;
        await writable(path, () => removeLine(path, last.line)).catch((error: unknown) => {
          answered.push(last);
          throw error;
        });
        questioner.unlearn(last.judgement);
        const { probe, left, right, kind } = last.judgement;
        open = { probe, left, right, kind };
        return true;
      }),
  };
}

/** Resolves when the line is on disk. A partial line of a killed process is ended first. */
async function appendLine(path: string, line: string): Promise<void> {
  const entry = await stat(path).catch(() => null);
  if (entry !== null && !entry.isFile()) throw new Error("not a regular file");
  const file = await openFile(path, "a+", 0o600);
  try {
    const { size } = await file.stat();
    const isOpen = size > 0 && (await readEnd(file, size, 1)) !== "\n";
    await file.appendFile(isOpen ? `\n${line}` : line);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Another process may have added answers of another rater. */
async function removeLine(path: string, line: string): Promise<void> {
  const file = await openFile(path, "r+");
  try {
    const { size } = await file.stat();
    const bytes = Buffer.byteLength(line);
    if ((await readEnd(file, size, bytes)) !== line) throw new Error("answers were added by another process");
    await file.truncate(size - bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readEnd(file: FileHandle, size: number, length: number): Promise<string> {
  const start = Math.max(0, size - length);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.toString("utf8", 0, bytesRead);
}
