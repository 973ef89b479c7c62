import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { LookalikeError } from "../../errors.ts";
import { reason, writeFileAtomic } from "../../files.ts";
import type { Decision } from "../types.ts";

/** Decisions as JSON Lines, one a customer, appended in order; a killed run goes on behind its last whole line. */
export interface DecisionLog {
  /** Decisions that an earlier run with the same fingerprint left in the file. */
  readonly kept: number;
  /** The customer of the last kept line; null where none was kept. */
  readonly lastCustomerId: string | null;
  /** Appends one; awaits the disk every thousand lines, so memory stays flat. */
  write(decision: Decision): Promise<void>;
  /** Flushes to disk and closes. */
  close(): Promise<void>;
}

export interface DecisionLogOptions {
  readonly path: string;
  /** What the decisions depend on (campaign, model, customers): with another one the file starts anew. */
  readonly fingerprint: string;
}

const BUFFERED_LINES = 1000;

/** @throws ERR_OUTPUT_UNWRITABLE */
export async function openDecisionLog({ path, fingerprint }: DecisionLogOptions): Promise<DecisionLog> {
  const note = `${path}.fingerprint`;
  return writable(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const continues = (await readFile(note, "utf8").catch(() => null)) === fingerprint;
    const file = await open(path, continues ? "a+" : "w");
    if (!continues) await writeFileAtomic(note, fingerprint);
    const found = await wholeLines(path);
    await file.truncate(found.bytes);
    return appendTo(file, path, found);
  });
}

interface WholeLines {
  readonly count: number;
  readonly bytes: number;
  readonly lastCustomerId: string | null;
}

function appendTo(file: FileHandle, path: string, found: WholeLines): DecisionLog {
  let lines: string[] = [];
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
      lines.push(`${JSON.stringify(decision)}\n`);
      if (lines.length >= BUFFERED_LINES) await flush();
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

/** Counts the lines that are whole decisions, up to the first that is not. */
async function wholeLines(path: string): Promise<WholeLines> {
  let count = 0;
  let bytes = 0;
  let lastCustomerId: string | null = null;
  let open = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = (open + chunk).split("\n");
    open = lines.pop() ?? "";
    for (const line of lines) {
      const id = customerOf(line);
      if (id === null) return { count, bytes, lastCustomerId };
      count++;
      bytes += Buffer.byteLength(line) + 1;
      lastCustomerId = id;
    }
  }
  return { count, bytes, lastCustomerId };
}

function customerOf(line: string): string | null {
  try {
    const { customer_id } = JSON.parse(line) as { customer_id?: unknown };
    return typeof customer_id === "string" ? customer_id : null;
  } catch {
    return null;
  }
}

/** The decisions of a file, in order. */
export async function* readDecisions(path: string): AsyncGenerator<Decision> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line !== "") yield JSON.parse(line) as Decision;
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
