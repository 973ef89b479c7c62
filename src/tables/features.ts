import { randomUUID } from "node:crypto";
import { type Column, categoryColumn } from "../core/index.ts";
import { type Database, quoteText, type RowBatch } from "../io/duckdb/index.ts";
import type { Candidate } from "./candidates.ts";
import { type CellCounts, countCells, type Form, formsOf, longForm } from "./forms.ts";
import { type FeatureKind, type FeatureRequest, isNameList } from "./request.ts";
import type { ColumnWarning } from "./types.ts";

/** The chosen features: what to select and how to read it. */
export interface FeatureSet {
  readonly names: readonly string[];
  /** `expression AS f0, ...`; empty if there is no feature. */
  readonly select: readonly string[];
  /**
   * Index of the first column with text instead of a number, otherwise NULL; null if no column can have one.
   */
  readonly firstBad: string | null;
  /** Columns that were read differently from what the file may have meant. */
  readonly warnings: readonly ColumnWarning[];
  /** Columns of text whose cells became numbers: amounts, days, and yes and no. */
  readonly recoded: readonly ColumnWarning[];
  read(batch: RowBatch): Map<string, Column>;
}

/**
 * A text column with more labels than this, most of them rare, identifies people (names, addresses, e-mail): it is a
 * feature only if the request names it.
 */
const MAX_DEFAULT_LABELS = 1000;
/** Filled cells per label from which labels are not rare: postcodes, not names. */
const LEAST_CELLS = 4;

/**
 * Decides each column's kind from all of its values, in one pass: numbers (with true/false as 1/0 and
 * dates as days since 1970-01-01), else categories. A column with numbers in at least 95 % of its filled
 * cells is numeric; its other cells become missing, with a warning. Codes with leading zeros such as 01234
 * stay text.
 *
 * @param relation what the candidates' `sql` can be selected from
 * @param request undefined: every candidate that has at most 1,000 labels, or at least 4 cells per label
 */
export async function chooseFeatures(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
  request: FeatureRequest | undefined,
): Promise<FeatureSet> {
  const cells = await countCells(database, relation, candidates);
  return openFeatures(database, relation, checkColumns(candidates, cells, request));
}

/** A request that depends on what is found. @param found the kinds of the columns that are features by default */
export type KindsRequest = (
  found: Readonly<Record<string, FeatureKind>>,
) => Readonly<Record<string, FeatureKind>>;

/**
 * The same for a request that depends on what is found; the values are read once for both.
 *
 * @param pick the candidates of the request
 */
export async function chooseByKinds(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
  {
    request,
    pick,
  }: {
    readonly request: KindsRequest;
    readonly pick: (kinds: Readonly<Record<string, FeatureKind>>) => readonly Candidate[];
  },
): Promise<FeatureSet> {
  const cells = await countCells(database, relation, candidates);
  const found = checkColumns(candidates, cells, undefined).filter(({ reason }) => reason === null);
  const kindOf = ({ form }: Form): FeatureKind => (form === "label" ? "category" : "number");
  const kinds = request(
    Object.fromEntries(found.map(({ candidate, form }) => [candidate.name, kindOf(form)])),
  );
  return openFeatures(database, relation, checkColumns(pick(kinds), cells, kinds));
}

interface CheckedColumn {
  readonly candidate: Candidate;
  readonly form: Form;
  /** The reason why the column is not a feature; null if it is one. */
  readonly reason: string | null;
}

function checkColumns(
  candidates: readonly Candidate[],
  cells: CellCounts,
  request: FeatureRequest | undefined,
): CheckedColumn[] {
  const kinds = request !== undefined && !isNameList(request) ? request : {};
  const forms = formsOf(candidates, cells, kinds);
  return candidates.flatMap((candidate, i) => {
    const form = forms[i];
    return form === undefined
      ? []
      : [{ candidate, form, reason: request === undefined ? reasonToLeave(candidate, form) : null }];
  });
}

async function openFeatures(
  database: Database,
  relation: string,
  found: readonly CheckedColumn[],
): Promise<FeatureSet> {
  const chosen = found.filter(({ reason }) => reason === null);
  const isCoded = ({ form }: { form: Form }) => form.isCodable && form.labels <= 2 * MAX_DEFAULT_LABELS;
  const typeOf = await createLabelTypes(database, relation, chosen.filter(isCoded));
  const readers = chosen.map(({ candidate, form }, i) => {
    const alias = `f${i}`;
    const type = typeOf.get(candidate.name);
    return {
      name: candidate.name,
      select: `${type === undefined ? form.value : `${candidate.sql}::${type}`} AS ${alias}`,
      bad: form.mayBeBad ? `WHEN ${candidate.sql} IS NOT NULL AND (${form.value}) IS NULL THEN ${i}` : null,
      read: (batch: RowBatch): Column => readColumn(batch, alias, form, type !== undefined),
    };
  });
  const bad = readers.map((reader) => reader.bad).filter((sql) => sql !== null);
  return {
    names: readers.map((reader) => reader.name),
    select: readers.map((reader) => reader.select),
    firstBad: bad.length === 0 ? null : `CASE ${bad.join(" ")} END`,
    warnings: [
      ...chosen.flatMap(({ candidate, form }) => [
        ...strayWarning(candidate.name, form.strays),
        ...(form.note === null ? [] : [noteOf(candidate.name, form.note)]),
      ]),
      ...found.flatMap(({ candidate, reason }) =>
        reason === null ? [] : [leftColumn(candidate.name, reason)],
      ),
    ],
    recoded: recodedAs(chosen),
    read: (batch) => new Map(readers.map((reader) => [reader.name, reader.read(batch)])),
  };
}

/** One sentence for all columns that were read in the same way. */
function recodedAs(chosen: readonly CheckedColumn[]): ColumnWarning[] {
  const named = (is: (form: Form) => boolean) =>
    chosen.filter(({ form }) => is(form)).map(({ candidate }) => candidate.name);
  const found: [string, string[]][] = [
    ["amounts or shares, read as numbers", named(({ form, isWritten }) => form === "number" && isWritten)],
    ["dates, read as days since 1970", named(({ form }) => form === "day")],
    ["yes and no, read as 1 and 0", named(({ form, filled }) => form === "boolean" && filled > 0)],
  ];
  return found.flatMap(([how, names]) =>
    names.length === 0
      ? []
      : [{ column: names.join(", "), cells: 0, message: `Columns with ${how}: ${names.join(", ")}` }],
  );
}

function noteOf(column: string, note: string): ColumnWarning {
  return { column, cells: 0, message: `column ${JSON.stringify(column)} ${note}` };
}

/** A column that is not a feature, with the reason: no column is dropped silently. */
export function leftColumn(column: string, reason: string): ColumnWarning {
  return { column, cells: 0, message: `column ${JSON.stringify(column)} is not used: ${reason}` };
}

/** Names of columns with identifying values, in English, German, French, Spanish, Italian and Dutch. */
const PERSONAL =
  /^(?:(?:first|last|given|family|middle|full|user|nick|customer|contact|display|maiden)[ _-]?name|surname|name|vorname|nachname|familienname|pr[ée]nom|nom(?:[ _-]de[ _-]famille)?|nombre|apellidos?|cognome|voornaam|achternaam|e-?mail(?:[ _-]?address|[ _-]?adresse)?|(?:tele)?phone(?:[ _-]?(?:no|number|nr))?|mobile[ _-]?(?:no|number|phone)|telefon(?:nummer)?|handynummer|msisdn|(?:street|postal|home|mailing)?[ _-]?address(?:[ _-]?line)?[ _-]?\d?|street(?:[ _-]?name)?|stra(?:ss|ß)e|adresse|direcci[óo]n|indirizzo|adres|iban|ssn|social[ _-]?security(?:[ _-]?number)?|passport(?:[ _-]?(?:no|number))?)$/i;

/** Why a column is not a feature by default; null if it is one. */
function reasonToLeave({ name }: Candidate, { form, labels, filled, contacts }: Form): string | null {
  const byName = "name it with --features to use it";
  if (PERSONAL.test(name)) return `names, addresses and numbers identify people; ${byName}`;
  if (contacts >= 0.5) return `its cells are e-mail addresses or telephone numbers; ${byName}`;
  if (form !== "label" || labels <= MAX_DEFAULT_LABELS || filled >= LEAST_CELLS * labels) return null;
  return `it has about ${labels.toLocaleString("en")} distinct texts in ${filled.toLocaleString("en")} cells; ${byName}`;
}

function strayWarning(column: string, cells: number): ColumnWarning[] {
  if (cells === 0) return [];
  const message = `Expected numbers in column ${JSON.stringify(column)} but received ${cells} other cell${cells === 1 ? "" : "s"}, read as missing`;
  return [{ column, cells, message }];
}

/**
 * Creates ENUM types, so that labels are transferred as codes; by column name. Labels in the order of their bytes.
 */
async function createLabelTypes(
  database: Database,
  relation: string,
  columns: readonly { readonly candidate: Candidate }[],
): Promise<Map<string, string>> {
  const typeOf = new Map<string, string>();
  if (columns.length === 0) return typeOf;
  const candidates = columns.map(({ candidate }) => candidate);
  // Several reads of one database have types of their own.
  const prefix = `labels_${randomUUID().replaceAll("-", "")}`;
  const labels = candidates.map((): Buffer[] => []);
  const found = database.stream(`SELECT DISTINCT name, value FROM ${longForm(relation, candidates)}`);
  for await (const batch of found) {
    const values = batch.texts("value");
    for (const [i, name] of batch.texts("name").entries())
      labels[Number(name)]?.push(Buffer.from(values[i] ?? ""));
  }
  for (const [i, { name }] of candidates.entries()) {
    const type = `${prefix}_${i}`;
    const listed = labels[i]?.sort(Buffer.compare).map((label) => quoteText(label.toString())) ?? [];
    await database.run(`CREATE TYPE ${type} AS ENUM (${listed.join(", ")})`);
    typeOf.set(name, type);
  }
  return typeOf;
}

function readColumn(batch: RowBatch, alias: string, form: Form, isCoded: boolean): Column {
  if (form.form !== "label") return { kind: "number", values: batch.numbers(alias) };
  if (isCoded) return { kind: "category", ...batch.codes(alias) };
  return categoryColumn(batch.texts(alias).map((text) => (text === null ? null : String(text))));
}
