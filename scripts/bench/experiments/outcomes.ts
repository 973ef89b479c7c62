import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assignFace, assignHoldout, holdoutDesign, readResults } from "../../../src/experiments/index.ts";
import { type Decision, openJournal, writeManifest } from "../../../src/handover/index.ts";
import { openDatabase, quoteText } from "../../../src/io/duckdb/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

const CUSTOMERS = 200_000;
const AT = new Date("2026-04-06T08:00:00Z");

/** Outcomes in Parquet, five rows in a hundred of them late, repeated or unknown, read into results. */
export async function benchOutcomes({ rows = 10_000_000 }: ExperimentBenchOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-bench-"));
  try {
    const run = join(folder, "run");
    await writeRun(run);
    const outcomes = await writeRows(folder, rows);
    const [started, wall] = [process.cpuUsage(), performance.now()];
    const results = await readResults({ runs: [run], outcomes, at: new Date("2026-06-01T00:00:00Z") });
    const used = process.cpuUsage(started);
    process.stdout.write(
      `\n${rows} rows of outcomes, ${CUSTOMERS} customers: ${((performance.now() - wall) / 1000).toFixed(1)} s, ${((used.user + used.system) / 1e6).toFixed(1)} s of processor time, ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB\n`,
    );
    process.stdout.write(`  ${JSON.stringify({ ...results.rows, report: undefined })}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const DESIGN = {
  ...holdoutDesign("bench", { holdout: 0.1, seed: 1 }),
  faces: [
    { arm: "lookalike", share: 0.5, band: null },
    { arm: "random", share: 0.5, band: null },
  ],
} as const;

async function writeRun(out: string): Promise<void> {
  const journal = await openJournal({ out: out, fingerprint: "bench" });
  const record = ({ arm, propensity, eligible }: { arm: string; propensity: number; eligible: boolean }) => {
    return { arm, propensity, eligible };
  };
  for (let i = 0; i < CUSTOMERS; i++) {
    const id = `c${i}`;
    const holdout = assignHoldout(DESIGN, id);
    const isHeld = holdout.arm === "holdout";
    const offer = isHeld ? null : { arm: "best", propensity: 1, eligible: false, offer_propensity: 1 };
    const decision: Decision = {
      customer_id: id,
      offer: { id: isHeld ? "none" : "a", basis: "uplift", uplift: 0.01, lift: null, expected_value: null },
      photo: null,
      copy: null,
      creatives: [],
      models: {},
      assignment: {
        experiment: DESIGN.name,
        holdout: record(holdout),
        offer,
        face: isHeld ? null : record(assignFace(DESIGN, id)),
        would_be: { offer: "a", uplift: 0.01, explorable: 0, photo: null, distance: 0.6, resemblance: null },
      },
    };
    await journal.append(decision);
  }
  await journal.finish();
  const { faces, ...design } = DESIGN;
  await writeManifest(out, {
    version: 1,
    campaign: "Bench",
    currency: "EUR",
    brand: { name: "Bench", colors: { primary: "#000000", ink: "#000000", paper: "#ffffff" } },
    at: AT.toISOString(),
    channels: [],
    offers: [],
    policy: { minDistance: 0, maxDistance: 1, holdout: DESIGN.holdout },
    experiment: { ...design, end: null, faces: faces.map(({ arm, share }) => ({ arm, share, band: null })) },
    rows: { read: CUSTOMERS, refused: 0 },
    unjudgedOffers: [],
    warnings: [],
  });
}

async function writeRows(folder: string, rows: number): Promise<string> {
  const path = join(folder, "outcomes.parquet");
  const database = await openDatabase({ files: [path] });
  try {
    await database.run(
      `COPY (SELECT 'c' || (hash(i) % ${Math.round(CUSTOMERS * 1.02)}) AS customer_id,
         TIMESTAMP '2026-04-06 08:00:00' + to_seconds((hash(i, 1) % 2500000)::BIGINT) AS at,
         (hash(i, 2) % 10 = 0)::INTEGER AS converted, round((hash(i, 3) % 10000) / 100.0, 2) AS value
       FROM range(${rows}) t(i)) TO ${quoteText(path)} (FORMAT parquet)`,
    );
  } finally {
    await database.close();
  }
  return path;
}
