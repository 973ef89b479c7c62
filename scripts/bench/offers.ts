/**
 * Figures of the offers stage: `npm run bench:offers -- [section ...] [--rows n] [--splits n]
 * [--runs n] [--learner name] [--folder path]`; without a
 * section, all but those that take long (`verdict`, `logs`, `power`, `clusters`). Hillstrom is read from
 * ../shared/data/hillstrom/hillstrom_dev.csv where it exists. Seeded; prints tables and writes nothing but scratch.
 */
import { parseArgs } from "node:util";
import { LEARNERS } from "../../src/learning/index.ts";
import { benchClusters } from "./offers/clusters.ts";
import { benchHillstrom } from "./offers/hillstrom.ts";
import { benchLogs } from "./offers/logs.ts";
import { benchMoney } from "./offers/money.ts";
import { benchPanels } from "./offers/panels.ts";
import { benchPower } from "./offers/power.ts";
import { benchShapes } from "./offers/shapes.ts";
import { benchBoosting, benchScore, benchTrain } from "./offers/speed.ts";
import { benchTelco } from "./offers/telco.ts";
import type { BenchOptions } from "./offers/tools.ts";
import { benchVerdict } from "./offers/verdict.ts";

const SECTIONS: Readonly<Record<string, (options: BenchOptions) => Promise<void> | void>> = {
  hillstrom: benchHillstrom,
  telco: benchTelco,
  shapes: benchShapes,
  boosting: benchBoosting,
  train: benchTrain,
  score: benchScore,
  verdict: benchVerdict,
  logs: benchLogs,
  money: benchMoney,
  power: benchPower,
  panels: benchPanels,
  clusters: benchClusters,
};
const LONG: ReadonlySet<string> = new Set(["verdict", "logs", "power", "clusters"]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "string" },
    splits: { type: "string" },
    runs: { type: "string" },
    nulls: { type: "string" },
    folder: { type: "string" },
    learner: { type: "string" },
  },
});
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const options: BenchOptions = {
  rows: number(values.rows),
  splits: number(values.splits),
  runs: number(values.runs),
  nulls: number(values.nulls),
  folder: values.folder,
  learner: values.learner === "auto" ? "auto" : LEARNERS.find((learner) => learner === values.learner),
};
const unknown = positionals.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  process.stderr.write(
    `Expected sections of ${Object.keys(SECTIONS).join(", ")}; not ${unknown.join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(SECTIONS)) {
    if (positionals.includes(name) || (positionals.length === 0 && !LONG.has(name))) await bench(options);
  }
}
