import { type Database, quoteName, type RowBatch } from "../../duckdb/index.ts";
import { type Column, categoryColumn } from "../../table.ts";
import type { Candidate } from "./candidates.ts";
import { type FeatureKind, type FeatureRequest, isNameList } from "./request.ts";

/** The chosen features: what to select and how to read it. */
export interface FeatureSet {
  readonly names: readonly string[];
  /** `expression AS f0, ...`; empty where there is no feature. */
  readonly select: readonly string[];
  /** Index of the first column whose text is not the number it has to be, else NULL; null: none can be. */
  readonly firstBad: string | null;
  read(batch: RowBatch): Map<string, Column>;
}

/**
 * A text column with more labels than this tells people apart rather than groups them (names, addresses, e-mail):
 * it is a feature only where the request names it.
 */
const MAX_DEFAULT_LABELS = 1000;

/**
 * Decides each column's kind from all of its values, in one pass: numbers (with true/false as 1/0 and ISO dates as
 * days since 1970-01-01), else categories. Codes with leading zeros such as 01234 stay text.
 *
 * @param relation what the candidates' `sql` can be selected from
 * @param request undefined: every candidate that has at most 1,000 labels
 */
export async function chooseFeatures(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
  request: FeatureRequest | undefined,
): Promise<FeatureSet> {
  const kinds = request !== undefined && !isNameList(request) ? request : {};
  const forms = await inspect(database, relation, candidates, kinds);
  const chosen = candidates
    .map((candidate, i) => ({ candidate, form: forms[i] as Form }))
    .filter(
      ({ form }) => request !== undefined || form.form !== "label" || form.labels <= MAX_DEFAULT_LABELS,
    );
  const isCoded = ({ form }: { form: Form }) => form.isCodable && form.labels <= 2 * MAX_DEFAULT_LABELS;
  const typeOf = await createLabelTypes(database, relation, chosen.filter(isCoded));
  const readers = chosen.map(({ candidate, form }, i) => {
    const alias = `f${i}`;
    const type = typeOf.get(candidate.name);
    const value = form.form === "label" ? candidate.sql : NUMBER_FORMS[form.form](candidate);
    return {
      name: candidate.name,
      select: `${type === undefined ? value : `${candidate.sql}::${type}`} AS ${alias}`,
      bad: form.mayBeBad ? `WHEN ${candidate.sql} IS NOT NULL AND (${value}) IS NULL THEN ${i}` : null,
      read: (batch: RowBatch): Column => readColumn(batch, alias, form, type !== undefined),
    };
  });
  const bad = readers.map((reader) => reader.bad).filter((sql) => sql !== null);
  return {
    names: readers.map((reader) => reader.name),
    select: readers.map((reader) => reader.select),
    firstBad: bad.length === 0 ? null : `CASE ${bad.join(" ")} END`,
    read: (batch) => new Map(readers.map((reader) => [reader.name, reader.read(batch)])),
  };
}

interface Form {
  readonly form: "number" | "boolean" | "day" | "label";
  /** Of a label: how many there are, about. */
  readonly labels: number;
  /** Of a label: an ENUM can hold them. It would cut them at a NUL byte. */
  readonly isCodable: boolean;
  readonly mayBeBad: boolean;
}

const FINITE = (sql: string) => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
/** 1 for true and yes, 0 for false and no, else NULL. */
export function truthOf(sql: string): string {
  return `CASE lower(${sql}) WHEN 'true' THEN 1.0 WHEN 'yes' THEN 1.0 WHEN 'false' THEN 0.0 WHEN 'no' THEN 0.0 END`;
}

const DAY_PATTERN = "'\\d{4}-\\d{2}-\\d{2}([T ].*)?'";

const NUMBER_FORMS = {
  number: ({ sql }: Candidate) => FINITE(`TRY_CAST(${sql} AS DOUBLE)`),
  boolean: ({ sql, storedAs }: Candidate) =>
    storedAs === "boolean" ? `${sql}::INTEGER::DOUBLE` : `(${truthOf(sql)})::DOUBLE`,
  day: ({ sql, storedAs }: Candidate) =>
    storedAs === "time"
      ? `epoch_us(${sql}::TIMESTAMP) / 8.64e10`
      : `CASE WHEN ${sql} SIMILAR TO ${DAY_PATTERN} THEN epoch_us(TRY_CAST(${sql} AS TIMESTAMPTZ)) / 8.64e10 END`,
} as const;

async function inspect(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
  kinds: Readonly<Record<string, FeatureKind>>,
): Promise<Form[]> {
  const counts = candidates.flatMap((candidate, i) => {
    if (candidate.storedAs !== "text") return [];
    const { sql } = candidate;
    return [
      `count(${sql}) AS filled${i}`,
      `count(CASE WHEN NOT ${sql} SIMILAR TO '-?0\\d.*' THEN ${NUMBER_FORMS.number(candidate)} END) AS number${i}`,
      `count(${NUMBER_FORMS.boolean(candidate)}) AS boolean${i}`,
      `count(${NUMBER_FORMS.day(candidate)}) AS day${i}`,
      `approx_count_distinct(${sql}) AS labels${i}`,
      `count_if(contains(${sql}, chr(0))) AS nul${i}`,
    ];
  });
  const [found = {}] =
    counts.length === 0 ? [{}] : await database.all(`SELECT ${counts.join(", ")} FROM ${relation}`);
  return candidates.map(({ name, storedAs }, i) => {
    const count = (what: string) => Number((found as Record<string, unknown>)[`${what}${i}`] ?? 0);
    const labels = count("labels");
    const asked = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    const as = (form: Form["form"], mayBeBad = false): Form => ({
      form,
      labels,
      isCodable: form === "label" && count("nul") === 0,
      mayBeBad,
    });
    if (asked === "category") return as("label");
    if (storedAs === "number") return as("number");
    if (storedAs === "boolean") return as("boolean");
    if (storedAs === "time") return as("day");
    const filled = count("filled");
    if (count("number") === filled) return as("number");
    if (count("boolean") === filled) return as("boolean");
    if (count("day") === filled) return as("day");
    return asked === "number" ? as("number", true) : as("label");
  });
}

/** ENUM types, so that labels travel as codes; by column name. Labels in alphabetical order. */
async function createLabelTypes(
  database: Database,
  relation: string,
  columns: readonly { readonly candidate: Candidate }[],
): Promise<Map<string, string>> {
  const typeOf = new Map<string, string>();
  if (columns.length === 0) return typeOf;
  const prefix = `labels_${(await database.all("SELECT count(*) AS n FROM duckdb_types()"))[0]?.n}`;
  const lists = columns.map(
    ({ candidate }, i) =>
      `list_sort(list(DISTINCT ${candidate.sql}::VARCHAR) FILTER (${candidate.sql} IS NOT NULL)) AS l${i}`,
  );
  await database.run(`CREATE TABLE ${prefix} AS SELECT ${lists.join(", ")} FROM ${relation}`);
  for (const [i, { candidate }] of columns.entries()) {
    const [row] = await database.all(`SELECT len(l${i}) AS n FROM ${prefix}`);
    if (Number(row?.n ?? 0) === 0) continue;
    const type = quoteName(`${prefix}_${i}`);
    await database.run(`CREATE TYPE ${type} AS ENUM (SELECT unnest(l${i}) FROM ${prefix})`);
    typeOf.set(candidate.name, type);
  }
  await database.run(`DROP TABLE ${prefix}`);
  return typeOf;
}

function readColumn(batch: RowBatch, alias: string, form: Form, isCoded: boolean): Column {
  if (form.form !== "label") return { kind: "number", values: batch.numbers(alias) };
  if (isCoded) return { kind: "category", ...batch.codes(alias) };
  return categoryColumn(batch.texts(alias).map((text) => (text === null ? null : String(text))));
}
