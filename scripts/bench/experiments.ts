/**
 * Figures of experiments: `npm run bench:experiments -- [section ...] [--runs n] [--rows n] [--folder path]`; without a
 * section, all but `outcomes`, which takes long. `logged` needs `--folder` with the Open Bandit small sample
 * (bts-men.csv, bts-women.csv). Seeded; prints tables and writes nothing but scratch.
 */
import { parseArgs } from "node:util";
import { benchAssignment } from "./experiments/assignment.ts";
import { benchBandits } from "./experiments/bandits.ts";
import { benchDeciding } from "./experiments/deciding.ts";
import { benchErrors } from "./experiments/errors.ts";
import { benchLinear } from "./experiments/linear.ts";
import { benchLogged } from "./experiments/logged.ts";
import { benchOutcomes } from "./experiments/outcomes.ts";

export interface ExperimentBenchOptions {
  readonly runs: number | undefined;
  readonly rows: number | undefined;
  readonly folder: string | undefined;
}

const SECTIONS: Readonly<Record<string, (options: ExperimentBenchOptions) => Promise<void> | void>> = {
  errors: benchErrors,
  bandits: benchBandits,
  assignment: benchAssignment,
  deciding: benchDeciding,
  linear: benchLinear,
  logged: benchLogged,
  outcomes: benchOutcomes,
};
const LONG: ReadonlySet<string> = new Set(["outcomes"]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string" }, rows: { type: "string" }, folder: { type: "string" } },
});
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const unknown = positionals.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  process.stderr.write(
    `Expected sections of ${Object.keys(SECTIONS).join(", ")}; not ${unknown.join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  const options = { runs: number(values.runs), rows: number(values.rows), folder: values.folder };
  for (const [name, bench] of Object.entries(SECTIONS)) {
    if (positionals.includes(name) || (positionals.length === 0 && !LONG.has(name))) await bench(options);
  }
}
