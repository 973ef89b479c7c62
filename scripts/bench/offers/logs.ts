import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cell } from "../../../src/core/index.ts";
import { type CustomerBatch, openCustomers } from "../../../src/customers/index.ts";
import { writeCallLog } from "../../simulate/calls.ts";
import { type BenchOptions, round } from "./tools.ts";

/** Spilled to disk beyond this; what the process takes besides is measured. */
const MEMORY_MB = 4_000;

/**
 * Features from a simulated call log (default: 100 million rows, made first, which takes some minutes), and how often
 * they name the handset that the subscriber truly has. A `--folder` is kept, and used as it is the next time.
 */
export async function benchLogs({ rows = 100_000_000, folder }: BenchOptions): Promise<void> {
  const place = folder ?? mkdtempSync(join(tmpdir(), "lookalike-logs-"));
  try {
    const madeAt = performance.now();
    const isThere = existsSync(join(place, "subscribers.parquet"));
    if (!isThere) await writeCallLog(place, { rows });
    const making = isThere ? null : round((performance.now() - madeAt) / 1000, 1);
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 100);
    const [startedAt, cpuAt] = [performance.now(), process.cpuUsage()];
    const customers = await openCustomers({
      customers: { source: join(place, "subscribers.parquet"), mapping: { customer_id: "caller_id" } },
      calls: { source: join(place, "calls-*.parquet") },
      resources: { memoryMb: MEMORY_MB },
    });
    const summarised = (performance.now() - startedAt) / 1000;
    const seen = { subscribers: 0, right: 0 };
    for await (const batch of await customers.read({ now: new Date() })) countRight(batch, seen);
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(cpuAt);
    const readPeak = peak;
    const { rows: spells } = await customers.transitions();
    const transitions = (performance.now() - startedAt) / 1000 - seconds;
    clearInterval(watch);
    console.log("\nFeatures from a call log");
    console.table([
      {
        calls: customers.logReport?.read,
        subscribers: seen.subscribers,
        "log made, s": making,
        "summarised, s": round(summarised, 1),
        "features read, s": round(seconds, 1),
        "processor, s": round((user + system) / 1e6, 1),
        "peak GB": round(readPeak / 2 ** 30, 2),
        "handset right, %": round((100 * seen.right) / seen.subscribers, 2),
      },
    ]);
    console.log("\nTransitions, with features as of each purchase");
    console.table([{ spells, "read, s": round(transitions, 1), "peak GB": round(peak / 2 ** 30, 2) }]);
    await customers.close();
  } finally {
    if (folder === undefined) rmSync(place, { recursive: true, force: true });
  }
}

function countRight({ rows, table }: CustomerBatch, seen: { subscribers: number; right: number }): void {
  const [truth, found] = [table.columns.get("manufacturer"), table.columns.get("current_manufacturer")];
  if (!truth || !found) throw new TypeError("features of handsets were expected");
  for (let row = 0; row < rows; row++) {
    seen.subscribers++;
    if (String(cell(truth, row)).toLowerCase() === String(cell(found, row)).toLowerCase()) seen.right++;
  }
}
