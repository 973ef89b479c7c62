import type { Database } from "../../io/duckdb/index.ts";
import { readCells } from "../outcomes/cells.ts";
import { PROPENSITY } from "../outcomes/units.ts";
import { type Comparison, compareArms } from "./compare.ts";
import type { QuestionSet } from "./questions.ts";

interface CompareSettings {
  readonly isClustered: boolean;
  readonly hasPre: boolean;
  readonly hasMovedShares: boolean;
  readonly withBayes: boolean;
  /** Customers of the first run. */
  readonly first: number;
  /** Planned customers of the whole experiment; default: those of the first run. */
  readonly planned: number | undefined;
}

/** Compares the arms of every question, with the planned size of both arms together. */
export async function compareAll(
  database: Database,
  sets: readonly QuestionSet[],
  { isClustered, hasPre, hasMovedShares, withBayes, first, planned }: CompareSettings,
): Promise<{ readonly comparison: Comparison; readonly planned: number }[]> {
  const found: { readonly comparison: Comparison; readonly planned: number }[] = [];
  const isRatio = isClustered || hasMovedShares;
  for (const set of sets) {
    const size = await plannedSize(database, set.filter, first, planned);
    // Hájek 1971.
    const weight = hasMovedShares ? `1 / ${PROPENSITY[set.layer]}` : null;
    for (const metric of new Set(set.questions.map((question) => question.metric))) {
      const cells = await readCells(database, { ...set, metric, isClustered, weight });
      for (const question of set.questions.filter((own) => own.metric === metric)) {
        const comparison = compareArms(question, cells, { planned: size, isRatio, hasPre, withBayes });
        found.push({ comparison, planned: size });
      }
    }
  }
  return found;
}

/** The planned size of both arms together: that of the first run, scaled to the whole experiment. */
async function plannedSize(
  database: Database,
  filter: string,
  first: number,
  planned: number | undefined,
): Promise<number> {
  const [due = {}] = await database.all(`SELECT count_if(run = 0) AS n FROM results WHERE ${filter}`);
  return Math.max(2, (Number(due.n ?? 0) * (planned ?? first)) / Math.max(1, first));
}
