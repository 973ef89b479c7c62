import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, mkdir, open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { LookalikeError } from "../../core/index.ts";
import { ifThere } from "../../io/entries.ts";
import { writable, writeFileAtomic } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import { fingerprintFile } from "../run-folder.ts";
import type { Decision } from "../types.ts";
import {
  checkEnd,
  createChain,
  createLineWriter,
  decodeLine,
  isEndMark,
  type LineChain,
  type LinePlace,
} from "./lines.ts";

/** Decisions as JSON Lines, one per customer, appended in order; a killed run resumes after its last complete line. */
export interface DecisionLog {
  /** Number of decisions that an earlier run with the same fingerprint left in the file. */
  readonly kept: number;
  /** The customer of the last kept line; null if none was kept. */
  readonly lastCustomerId: string | null;
  /** Appends a decision; waits for the disk every thousand lines, so memory does not grow. */
  write(decision: Decision): Promise<void>;
  /**
   * Marks the log as complete: encrypted decisions end with a hash of their lines, so that a truncation, or a
   * line of another run, is noticed.
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
  const note = fingerprintFile(path);
  const fingerprint = `${options.fingerprint}${vault === null ? "" : ` ${vault.keyId}`}`;
  return writable(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const continues = (await ifThere(note, (found) => readFile(found, "utf8"), null)) === fingerprint;
    const file = await open(path, continues ? "a+" : "w", 0o600);
    if (!continues) await writeFileAtomic(note, fingerprint);
    const found = await wholeLines(path, vault);
    await file.truncate(found.bytes);
    return appendTo(file, { path, found, vault });
  });
}

interface WholeLines {
  readonly chain: LineChain;
  readonly bytes: number;
  readonly lastCustomerId: string | null;
}

function appendTo(
  file: FileHandle,
  { path, found, vault }: { readonly path: string; readonly found: WholeLines; readonly vault: Vault | null },
): DecisionLog {
  let lines: string[] = [];
  const kept = found.chain.count;
  const writer = createLineWriter(vault, found.chain);
  const flush = () =>
    writable(path, async () => {
      const text = lines.join("");
      lines = [];
      if (text !== "") await file.appendFile(text);
    });
  return {
    kept,
    lastCustomerId: found.lastCustomerId,
    async write(decision) {
      lines.push(writer.line(decision));
      if (lines.length >= BUFFERED_LINES) await flush();
    },
    async end() {
      lines.push(writer.end());
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
  const chain = createChain(vault);
  let bytes = 0;
  let lastCustomerId: string | null = null;
  let open = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = (open + chunk).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) {
      const id = customerOf(line, { path, index: chain.count }, vault);
      if (id === null) return { chain, bytes, lastCustomerId };
      chain.add(line);
      bytes += Buffer.byteLength(line) + 1;
      lastCustomerId = id;
    }
  }
  return { chain, bytes, lastCustomerId };
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
  const chain = createChain(vault);
  const isOpen = isOpenLog(path);
  const isUnmarked = vault === null || isOpen;
  let isWhole = isUnmarked;
  let failure: unknown = null;
  for await (const line of lines) {
    if (failure !== null) throw failure;
    if (line === "") continue;
    if (isEndMark(line)) {
      checkEnd(line, { path, chain }, vault);
      isWhole = true;
      continue;
    }
    let decision: Decision | null = null;
    try {
      decision = decodeLine(line, { path, index: chain.count }, vault);
    } catch (error) {
      // The last line of a killed run may be cut.
      if (!isOpen) throw error;
      failure = error;
    }
    chain.add(line);
    // Also behind an end mark: lines that follow need one of their own.
    isWhole = isUnmarked;
    if (decision !== null) yield decision;
  }
  if (failure !== null && !(await isCut(path))) throw failure;
  if (isWhole) return;
  throw new LookalikeError(
    "ERR_RUN_UNREADABLE",
    `Expected the end of the sealed decisions in ${path} but the file was cut, or extended, after ${chain.count} of them`,
    {
      hint: "Restore the file from a backup, or generate again.",
    },
  );
}

/** Whether the last line has no line break. */
async function isCut(path: string): Promise<boolean> {
  const { bytes, size } = await lastLine(path);
  return bytes < size;
}

/**
 * Removes the last line of a killed run's log if it was cut: it may name a customer, and no reader can read it.
 * Does nothing if there is no such file.
 *
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function dropCutLine(path: string): Promise<void> {
  if (!existsSync(path)) return;
  await writable(path, async () => {
    const { bytes, size } = await lastLine(path);
    if (bytes < size) await truncate(path, bytes);
  });
}

/** The size of a file in bytes, and the size of its complete lines. */
async function lastLine(path: string): Promise<{ readonly bytes: number; readonly size: number }> {
  let bytes = 0;
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    const end = (chunk as Buffer).lastIndexOf("\n");
    if (end >= 0) bytes = size + end + 1;
    size += (chunk as Buffer).length;
  }
  return { bytes, size };
}

/** Whether the log is of a running or interrupted run: its decisions have no end mark yet. */
export function isOpenLog(path: string): boolean {
  return path.endsWith(".partial.jsonl");
}
