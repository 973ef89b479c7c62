import { canonicalId, LookalikeError, wrongUse } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import { type ColumnWarning, canonicalText } from "../../tables/index.ts";

export interface Arms {
  /** Labels, the control first. */
  readonly labels: readonly string[];
  /** Maps the database's code to the index in `labels`; -1: rejected. */
  readonly indexOf: Int32Array;
  readonly warnings: readonly ColumnWarning[];
}

const WHOLE = "^(-?\\d+)\\.0+$";

/**
 * Gives 1 and 1.0 the same name: tools that write tables turn whole numbers into decimals if a cell is
 * missing.
 */
export function armOf(sql: string): string {
  return `regexp_replace(${canonicalText(sql)}, '${WHOLE}', '\\1')`;
}

function armNamed(given: string): string {
  return canonicalId(given).replace(new RegExp(WHOLE), "$1");
}

/** A column with more values than this is not a treatment. */
const MAX_ARMS = 1000;

/**
 * Finds the arms of the view `log`, whose names come from `armOf`, and maps them to the names given here.
 * Creates the type `arm`.
 *
 * @throws ERR_ARM_EMPTY, ERR_OPTION_INVALID
 */
export async function findArms(
  database: Database,
  control: string,
  offers: ReadonlyMap<string, string> | undefined,
): Promise<Arms> {
  const found = await database.all(
    `SELECT arm, count(*)::DOUBLE AS rows FROM log WHERE arm IS NOT NULL GROUP BY arm ORDER BY arm LIMIT ${MAX_ARMS + 1}`,
  );
  const present = found.map((row) => String(row.arm));
  const rowsOf = new Map(found.map((row) => [String(row.arm), Number(row.rows)]));
  if (present.length > MAX_ARMS) {
    throw wrongUse(
      `a column of at most ${MAX_ARMS} different offers for treatment`,
      "more",
      "Name the column with the treatment, not a column of ids.",
    );
  }
  const names = new Map([...(offers ?? [])].map(([arm, offer]) => [armNamed(arm), offer]));
  const spelling = chooseSpellings(rowsOf, [armNamed(control), ...names.keys()]);
  const isArm = (arm: string) => spelling.get(arm) === arm;
  if (present.length === 0) throw noArms();
  if (!present.some((arm) => spelling.get(arm) === armNamed(control))) {
    const [none = {}] = await database.all("SELECT count(*) AS rows FROM log WHERE arm IS NULL");
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      `Expected rows of the control ${JSON.stringify(control)} but received ${present.slice(0, 20).join(", ")}`,
      {
        hint:
          Number(none.rows) > 0
            ? `${none.rows} rows have no treatment: if these customers were shown nothing, write the name of the control there.`
            : "Use the log's name of the control.",
      },
    );
  }
  await database.run(
    "CREATE TYPE arm AS ENUM (SELECT DISTINCT arm FROM log WHERE arm IS NOT NULL ORDER BY arm)",
  );
  const known = [...new Set(spelling.values())].sort((a, b) => (a < b ? -1 : 1));
  const shown = known.filter((arm) => arm !== armNamed(control) && (offers === undefined || names.has(arm)));
  const arms = [armNamed(control), ...shown];
  return {
    labels: [control, ...shown.map((arm) => names.get(arm) ?? arm)],
    indexOf: Int32Array.from(present, (arm) => arms.indexOf(spelling.get(arm) ?? arm)),
    warnings: present
      .filter((arm) => !isArm(arm))
      .map((arm) => {
        const message = `Expected one spelling of each arm but received ${JSON.stringify(arm)} beside ${JSON.stringify(spelling.get(arm))}: they count as one`;
        return { column: "treatment", cells: rowsOf.get(arm) ?? 0, message };
      }),
  };
}

function noArms(): LookalikeError {
  return new LookalikeError(
    "ERR_ARM_EMPTY",
    "Expected what each customer was shown but received no row with a treatment",
    {
      hint: "Name the column of the treatment. Write the name of the control in rows that were shown nothing.",
    },
  );
}

/**
 * Spellings that differ only in case are one arm, named by the requested spelling, otherwise by the most
 * frequent one. Two spellings that were both requested stay two arms.
 */
function chooseSpellings(
  rowsOf: ReadonlyMap<string, number>,
  requested: readonly string[],
): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  const byRows = [...rowsOf.keys()].sort((a, b) => (rowsOf.get(b) ?? 0) - (rowsOf.get(a) ?? 0));
  for (const arm of [...requested, ...byRows]) {
    const folded = arm.toLowerCase();
    if (!chosen.has(folded)) chosen.set(folded, arm);
  }
  return new Map(
    byRows.map((arm) => [arm, requested.includes(arm) ? arm : (chosen.get(arm.toLowerCase()) ?? arm)]),
  );
}
