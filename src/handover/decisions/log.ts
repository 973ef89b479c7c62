import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { LookalikeError } from "../../core/index.ts";
import { reason, writeFileAtomic } from "../../io/files.ts";
import { isSealedText, type Vault } from "../../trust/index.ts";
import type { Decision } from "../types.ts";

/** Decisions as JSON Lines, one per customer, appended in order; a killed run resumes after its last complete line. */
export interface DecisionLog {
  /** Number of decisions that an earlier run with the same fingerprint left in the file. */
  readonly kept: number;
  /** The customer of the last kept line; null if none was kept. */
  readonly lastCustomerId: string | null;
  /** Appends a decision; waits for the disk every thousand lines, so memory does not grow. */
  write(decision: Decision): Promise<void>;
  /**
   * Marks the log as complete: encrypted decisions end with their number, so that a truncation is noticed.
   */
  end(): Promise<void>;
  /** Flushes to disk and closes. */
  close(): Promise<void>;
}

export interface DecisionLogOptions {
  readonly path: string;
  /**
   * Hash of what the decisions depend on (campaign, model, customers). With another one the file starts
   * again.
   */
  readonly fingerprint: string;
  /** Encrypts every line, bound to its number; default: lines are in plain text. */
  readonly vault?: Vault | null | undefined;
}

const BUFFERED_LINES = 1000;

/** @throws ERR_OUTPUT_UNWRITABLE */
export async function openDecisionLog(options: DecisionLogOptions): Promise<DecisionLog> {
  const { path, vault = null } = options;
  const note = `${path}.fingerprint`;
  const fingerprint = `${options.fingerprint}${vault === null ? "" : ` ${vault.keyId}`}`;
  return writable(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const continues = (await readFile(note, "utf8").catch(() => null)) === fingerprint;
    const file = await open(path, continues ? "a+" : "w", 0o600);
    if (!continues) await writeFileAtomic(note, fingerprint);
    const found = await wholeLines(path, vault);
    await file.truncate(found.bytes);
    return appendTo(file, { path, found, vault });
  });
}

interface WholeLines {
  readonly count: number;
  readonly bytes: number;
  readonly lastCustomerId: string | null;
}

function appendTo(
  file: FileHandle,
  { path, found, vault }: { readonly path: string; readonly found: WholeLines; readonly vault: Vault | null },
): DecisionLog {
  let lines: string[] = [];
  let { count } = found;
  const flush = () =>
    writable(path, async () => {
      const text = lines.join("");
      lines = [];
      if (text !== "") await file.appendFile(text);
    });
  return {
    kept: found.count,
    lastCustomerId: found.lastCustomerId,
    async write(decision) {
      lines.push(encodeLine(decision, count++, vault));
      if (lines.length >= BUFFERED_LINES) await flush();
    },
    async end() {
      lines.push(encodeEnd(count, vault));
      await flush();
    },
    async close() {
      try {
        await flush();
        await writable(path, () => file.sync());
      } finally {
        await file.close();
      }
    },
  };
}

/** Counts the complete decisions, up to the first line that is not one. */
async function wholeLines(path: string, vault: Vault | null): Promise<WholeLines> {
  let count = 0;
  let bytes = 0;
  let lastCustomerId: string | null = null;
  let open = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = (open + chunk).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) {
      const id = customerOf(line, { path, index: count }, vault);
      if (id === null) return { count, bytes, lastCustomerId };
      count++;
      bytes += Buffer.byteLength(line) + 1;
      lastCustomerId = id;
    }
  }
  return { count, bytes, lastCustomerId };
}

function customerOf(line: string, place: LinePlace, vault: Vault | null): string | null {
  try {
    const { customer_id } = decodeLine(line, place, vault) as { customer_id?: unknown };
    return typeof customer_id === "string" ? customer_id : null;
  } catch {
    return null;
  }
}

/**
 * Reads the decisions of a file, in order.
 *
 * @param vault the key of encrypted decisions
 * @throws ERR_RUN_UNREADABLE a line is not a decision, or encrypted decisions were truncated
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG another key, or a line that was changed or moved
 *
 * @example
 * for await (const decision of readDecisions("ads/decisions.jsonl")) console.log(decision.customer_id, decision.offer.id);
 */
export async function* readDecisions(path: string, vault: Vault | null = null): AsyncGenerator<Decision> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let index = 0;
  let isWhole = vault === null || isOpenLog(path);
  for await (const line of lines) {
    if (line === "") continue;
    if (line.startsWith(END)) {
      checkEnd(line.slice(END.length), { path, index }, vault);
      isWhole = true;
    } else yield decodeLine(line, { path, index: index++ }, vault);
  }
  if (isWhole) return;
  throw new LookalikeError(
    "ERR_RUN_UNREADABLE",
    `Expected the end of the sealed decisions in ${path} but the file was cut after ${index} of them`,
    {
      hint: "Restore the file from a backup, or generate again.",
    },
  );
}

/** Whether the log is of a running or interrupted run: its decisions have no end mark yet. */
export function isOpenLog(path: string): boolean {
  return path.endsWith(".partial.jsonl");
}

const END = "end ";

/** The end mark after `count` encrypted decisions; empty if they are not encrypted. */
export function encodeEnd(count: number, vault: Vault | null): string {
  return vault === null ? "" : `${END}${vault.sealText("", endPlace(count))}\n`;
}

/** @throws ERR_KEY_WRONG the number of decisions before this mark differs, or it has another key */
function checkEnd(sealed: string, { path, index }: LinePlace, vault: Vault | null): void {
  if (vault === null) throw keyRequired(path);
  vault.openText(sealed, endPlace(index), `the end of ${path}, after ${index} decisions`);
}

function endPlace(count: number): string {
  return `end of ${count} decisions`;
}

/** @param index number of the line, from 0: an encrypted line can only be decrypted at its own place */
export function encodeLine(decision: Decision, index: number, vault: Vault | null): string {
  const text = JSON.stringify(decision);
  return `${vault?.sealText(text, placeOf(index)) ?? text}\n`;
}

interface LinePlace {
  /** Path of the file, for messages. */
  readonly path: string;
  /** Number of the line, from 0: an encrypted line can only be decrypted at its own place. */
  readonly index: number;
}

function decodeLine(line: string, place: LinePlace, vault: Vault | null): Decision {
  const { path, index } = place;
  if (!isSealedText(line)) {
    if (vault === null) return parseLine(line, place);
    throw new LookalikeError("ERR_KEY_WRONG", `Expected sealed decisions in ${path} but they are in clear`, {
      hint: "Remove the key, or generate again with it.",
    });
  }
  if (vault !== null) {
    const shown = `line ${index + 1} of ${path}`;
    return parseLine(vault.openText(line, placeOf(index), shown), place);
  }
  throw keyRequired(path);
}

function keyRequired(path: string): LookalikeError {
  return new LookalikeError(
    "ERR_KEY_REQUIRED",
    `Expected a key for the decisions in ${path}, which are sealed`,
    {
      hint: "Pass --key-file, or set LOOKALIKE_KEY_FILE or LOOKALIKE_KEY.",
    },
  );
}

function parseLine(text: string, { path, index }: LinePlace): Decision {
  try {
    return JSON.parse(text) as Decision;
  } catch (cause) {
    throw new LookalikeError("ERR_RUN_UNREADABLE", `Expected a decision in line ${index + 1} of ${path}`, {
      hint: "The file was changed by hand or damaged: generate again.",
      cause,
    });
  }
}

function placeOf(index: number): string {
  return `decision ${index}`;
}

async function writable<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${path}: ${reason(cause)}`, {
      hint: "Check that the folder exists, is writable and has free space.",
      cause,
    });
  }
}
