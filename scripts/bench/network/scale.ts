import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { featuresAt } from "../../../src/customers/network/features.ts";
import { type OpenedNetwork, openNetwork } from "../../../src/customers/network/open.ts";
import { openDatabase, quoteText } from "../../../src/io/duckdb/index.ts";

const MONTHS = 6;
/** Contacts of a person, by how far their numbers lie apart; the first ones are called most. */
const STEPS = [1, -1, 2, -2, 3, -3, 17, -17, 40, -40];

/** Calls to ties, and ties to influence and features, with time and memory; a hundredth of the calls in people, all of whom consent. */
export async function benchScale(calls: number, memoryMb: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-scale-"));
  try {
    const people = Math.round(calls / 50);
    const files = Array.from({ length: MONTHS }, (_, month) => join(folder, `calls-${month}.parquet`));
    await writeCalls(files, calls / MONTHS, people);
    const bytes = (await Promise.all(files.map((file) => stat(file)))).reduce(
      (sum, { size }) => sum + size,
      0,
    );
    const ids = Array.from({ length: people }, (_, i) => String(31_600_000_000 + i));
    const rows: Record<string, string | number>[] = [];
    const kept = { folder: join(folder, "kept"), vault: null };
    const options = { people: ids, resources: { memoryMb, threads: 2 } };
    const all = await timed("ties of all months", rows, () =>
      openNetwork({ ...options, calls: { source: folder }, kept }),
    );
    await timed("report", rows, () => all.report());
    const influence = await timed("influence", rows, () => all.influence());
    await timed("influencers of 1,000 people", rows, () => influence.of(ids.slice(0, 1000)));
    await timed("features of everybody, as of the last day", rows, () => featuresOfAll(all.database));
    const { reading } = all;
    await all.close();
    const last = files.at(-1) ?? "";
    const next = await timed("one more month, the others kept", rows, () =>
      openNetwork({ ...options, calls: { source: last }, kept }),
    );
    await next.close();
    console.log(
      `\n${calls} calls (${(bytes / 1e6).toFixed(0)} MB of Parquet), ${people} people, ${reading.used} used; ${memoryMb} MB for the database, peak of the process ${peakMb()} MB`,
    );
    console.table(rows);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The features of ties of every person with a handset, at one moment; needs the timeline that influence builds. */
async function featuresOfAll(database: OpenedNetwork["database"]): Promise<void> {
  const makers = await database.all("SELECT code::DOUBLE AS code, label FROM manufacturers ORDER BY code");
  await featuresAt(database, {
    table: "network_now",
    requested:
      "SELECT DISTINCT caller, 1 AS number, (SELECT max(until) FROM spells)::TIMESTAMP AS left_at FROM spells",
    makers: makers.map(({ code, label }) => ({ code: Number(code), label: String(label) })),
  });
}

async function timed<T>(
  what: string,
  rows: Record<string, string | number>[],
  work: () => Promise<T>,
): Promise<T> {
  const [startedAt, usage] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(usage);
  rows.push({
    what,
    "seconds of processor": ((user + system) / 1e6).toFixed(1),
    seconds: ((performance.now() - startedAt) / 1000).toFixed(1),
  });
  return result;
}

function peakMb(): string {
  return (process.resourceUsage().maxRSS / 1024).toFixed(0);
}

async function writeCalls(files: readonly string[], perMonth: number, people: number): Promise<void> {
  const database = await openDatabase({ files, threads: 2 });
  try {
    for (const [month, file] of files.entries()) {
      const draw = (purpose: string, below: string) =>
        `(hash(r, ${month}, '${purpose}') % ${below}::UBIGINT)::BIGINT`;
      // Squared, so that a person calls some contacts far more than others.
      const step = `[${STEPS.join(", ")}][1 + floor(${STEPS.length} * pow(${draw("step", "1000")} / 1000.0, 2))::INTEGER]`;
      const at = `TIMESTAMP '2026-0${month + 1}-01' + to_seconds(${draw("time", "2419200")})`;
      const switched = `(hash(p, 'switch') % 10)::INTEGER < ${month}`;
      const maker = `['Acme', 'Bolt', 'Cirrus'][1 + ((hash(p, 'maker') + CASE WHEN ${switched} THEN 1 ELSE 0 END) % 3)::INTEGER]`;
      await database.run(`COPY (
        SELECT 31600000000 + p AS caller_id, 31600000000 + (p + step + ${people}) % ${people} AS callee_id, started_at,
          ${draw("duration", "600")} AS duration_s, ${maker} AS device_manufacturer
        FROM (SELECT r, ${draw("caller", String(people))} AS p, ${step} AS step, ${at} AS started_at FROM range(${Math.round(perMonth)}) t(r))
      ) TO ${quoteText(file)} (FORMAT parquet)`);
    }
  } finally {
    await database.close();
  }
}
