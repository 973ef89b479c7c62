import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { LookalikeError } from "../errors.ts";
import { reason, writeFileAtomic } from "../files.ts";

/** Where a finished run's records are. */
export const DECISIONS_FILE = "decisions.jsonl";
const PARTIAL_FILE = ".decisions.partial.jsonl";
const RUN_FILE = ".decisions.run";

/** Records are flushed in pieces of this many characters: a killed run loses no more than one piece. */
const PIECE = 1 << 16;

/**
 * The records of a run, line by line, in a file that gets its final name only when the run is whole. A run that was
 * interrupted, or killed, leaves its lines behind; the next run with the same fingerprint goes on after them.
 */
export interface Journal<T> {
  /** What an earlier run with the same fingerprint left, in order. Read it to its end before appending. */
  earlier(): AsyncIterable<T>;
  append(record: T): Promise<void>;
  /** Gives the file its final name. */
  finish(): Promise<void>;
  /** Keeps the lines for the next run. */
  suspend(): Promise<void>;
}

/**
 * @param fingerprint of everything that the records depend on
 * @param isUsable whether an earlier record still holds; from the first that does not, records are made anew
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function openJournal<T>(
  folder: string,
  fingerprint: string,
  isUsable: (record: T) => boolean,
): Promise<Journal<T>> {
  const partial = join(folder, PARTIAL_FILE);
  const run = join(folder, RUN_FILE);
  const file = await guard(folder, async () => {
    await mkdir(folder, { recursive: true });
    const previous = await readFile(run, "utf8").catch(() => "");
    if (previous !== fingerprint) {
      await rm(partial, { force: true });
      await writeFileAtomic(run, fingerprint);
    }
    return open(partial, "a", 0o600);
  });
  let pending = "";
  const flush = async () => {
    const piece = pending;
    pending = "";
    if (piece !== "") await guard(folder, () => file.appendFile(piece));
  };
  return {
    earlier: () => readEarlier(partial, isUsable),
    async append(record) {
      pending += `${JSON.stringify(record)}\n`;
      if (pending.length >= PIECE) await flush();
    },
    async finish() {
      await flush();
      await guard(folder, () => closeWhole(file));
      await guard(folder, () => rename(partial, join(folder, DECISIONS_FILE)));
      await rm(run, { force: true });
    },
    async suspend() {
      await flush();
      await file.close();
    },
  };
}

/** Yields whole, usable lines and cuts off whatever follows them: a kill may have cut the last line. */
async function* readEarlier<T>(path: string, isUsable: (record: T) => boolean): AsyncGenerator<T> {
  let end = 0;
  for await (const line of wholeLines(path)) {
    const record = parseLine<T>(line.toString());
    if (record === undefined || !isUsable(record)) break;
    end += line.length + 1;
    yield record;
  }
  await truncate(path, end);
}

/** Lines that end in a line feed, without it. */
async function* wholeLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, start)) {
      yield text.subarray(start, at);
      start = at + 1;
    }
    rest = text.subarray(start);
  }
}

function parseLine<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}

/** What a rename must not overtake: the lines themselves have to be on the disk before. */
async function closeWhole(file: FileHandle): Promise<void> {
  await file.sync();
  await file.close();
}

async function guard<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write to ${folder}: ${reason(cause)}`, {
      hint: "Check that the folder is writable and has free space.",
      cause,
    });
  }
}
