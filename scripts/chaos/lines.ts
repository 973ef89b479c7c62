import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { isLookalikeError } from "../../src/core/index.ts";
import { readCustomers } from "../../src/customers/index.ts";

export interface LineResult {
  readonly name: string;
  /** Rows that came through, or the code of the refusal. */
  readonly outcome: string;
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Most resident memory while it was read, above that of the process before. */
  readonly growthMb: number;
}

const FILLERS = { letters: "x", "NUL bytes": "\0", quotes: '"', commas: "," } as const;

/** Tables of which one line is as long as is asked for, between two that are right. */
export async function* longLines(folder: string, lineMb: number): AsyncGenerator<LineResult> {
  for (const [name, filler] of Object.entries(FILLERS)) {
    for (const [place, before, after] of [
      ["a line", "customer_id,age\nc-1,30\nc-2,", "\nc-3,40\n"],
      ["the header", "customer_id,", "\nc-1,30\n"],
      ["a file without end of line", "customer_id,age\nc-1,30\n", ""],
    ] as const) {
      const path = join(folder, "long.csv");
      const file = openSync(path, "w");
      writeSync(file, before);
      const block = Buffer.alloc(1 << 20, filler);
      for (let i = 0; i < lineMb; i++) writeSync(file, block);
      writeSync(file, after);
      closeSync(file);
      yield { name: `${place} of ${lineMb} MB of ${name}`, ...(await readWatched(path)) };
    }
  }
}

async function readWatched(source: string): Promise<Omit<LineResult, "name">> {
  const startedAt = performance.now();
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const refused: Record<string, number> = {};
  try {
    const resources = { memoryMb: 512, threads: 2 };
    const reader = await readCustomers({ customers: { source }, now: new Date(), resources });
    let rows = 0;
    for await (const batch of reader) rows += batch.rows;
    Object.assign(refused, reader.report.refusedByCode);
    return { outcome: `${rows} rows`, refused, ...measured() };
  } catch (error) {
    const outcome = isLookalikeError(error) ? error.code : `uncoded: ${String(error).slice(0, 100)}`;
    return { outcome, refused, ...measured() };
  } finally {
    clearInterval(timer);
  }

  function measured() {
    peak = Math.max(peak, process.memoryUsage.rss());
    return { seconds: (performance.now() - startedAt) / 1000, growthMb: Math.round((peak - before) / 1e6) };
  }
}
