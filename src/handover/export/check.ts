import { hasContactData } from "../../ads/index.ts";
import { LookalikeError } from "../../core/index.ts";
import { isFormula, markText } from "./csv.ts";
import { sizeOf } from "./text.ts";
import type { Column, ExportTool } from "./types.ts";

/** One problem that prevents an export. */
interface ExportProblem {
  /** Row number from 1, without the header. */
  readonly row: number;
  readonly column: string;
  readonly message: string;
  /** Whether personal data would have been published. */
  readonly isPersonal: boolean;
}

/** All problems are counted; the first rows of each kind are reported, for this number of kinds. */
const SHOWN_ROWS = 5;
const SHOWN_KINDS = 40;

export interface Findings {
  problem(problem: ExportProblem): void;
  /** Keeps a warning once per column and message. */
  warn(column: string, message: string): void;
  readonly problems: number;
  readonly warnings: readonly string[];
  /** @throws ERR_EXPORT_PERSONAL_DATA, ERR_EXPORT_INVALID if there was any problem */
  throwIfAny(): void;
}

export function createFindings(tool: ExportTool): Findings {
  const kinds = new Map<string, { readonly first: ExportProblem; readonly rows: number[]; count: number }>();
  const warnings = new Set<string>();
  let count = 0;
  let isPersonal = false;
  return {
    problem(problem) {
      count++;
      isPersonal ||= problem.isPersonal;
      const key = `${problem.column}\n${problem.message}`;
      const kind = kinds.get(key) ?? { first: problem, rows: [], count: 0 };
      if (kinds.size < SHOWN_KINDS) kinds.set(key, kind);
      kind.count++;
      if (kind.rows.length < SHOWN_ROWS) kind.rows.push(problem.row);
    },
    warn: (column, message) => void (warnings.size < 1000 && warnings.add(`${column}: ${message}`)),
    get problems() {
      return count;
    },
    get warnings() {
      return [...warnings];
    },
    throwIfAny() {
      if (count === 0) return;
      const lines = [...kinds.values()].map(({ first, rows, count: alike }) => {
        const more = alike > rows.length ? ` and ${alike - rows.length} more` : "";
        const where = `${rows.length === 1 ? "row" : "rows"} ${rows.join(", ")}${more}`;
        return `  ${where}, column ${first.column}: ${first.message}`;
      });
      const listed = [...kinds.values()].reduce((sum, kind) => sum + kind.count, 0);
      const rest = count > listed ? [`  ... and ${count - listed} others`] : [];
      const found = count === 1 ? "1 problem" : `${count} problems`;
      throw new LookalikeError(
        isPersonal ? "ERR_EXPORT_PERSONAL_DATA" : "ERR_EXPORT_INVALID",
        `Expected values that ${tool.title} takes but found ${found}:`,
        {
          details: [...lines, ...rest],
          hint: "Nothing was written. Correct the campaign or the option and export again; see docs/export.md.",
        },
      );
    },
  };
}

export type Cell = string | number | null;

/** Checks a row's cells by the tool's rules and adds problems to `findings`. */
export function checkedCells<Row>(
  tool: ExportTool,
  columns: readonly Column<Row>[],
  { row, number, findings }: { readonly row: Row; readonly number: number; readonly findings: Findings },
): Cell[] {
  return columns.map((column) => {
    const value = column.value(row);
    const message = problemOf(tool, column, value);
    if (message !== null) {
      findings.problem({ row: number, column: column.name, message, isPersonal: false });
    } else if (
      tool.audience === "public" &&
      column.kind === "text" &&
      // A value with a form of its own, such as a price, is not free text.
      column.form === undefined &&
      hasContactData(String(value ?? ""))
    ) {
      const personal = "expected no personal data but found an e-mail address or a telephone number";
      findings.problem({ row: number, column: column.name, message: personal, isPersonal: true });
    }
    if (typeof value === "string" && column.advised !== undefined && [...value].length > column.advised) {
      findings.warn(column.name, `longer than the ${column.advised} characters that are sure to be shown`);
    }
    return typeof value === "string" && column.kind === "text" && tool.formulas === "mark"
      ? markText(value)
      : value;
  });
}

/**
 * The part before the @ that mail tools accept: without quotes, comments and letters that only look like
 * Latin ones.
 */
const LOCAL = /^(?=.{1,64}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/i;

/** Whether mail tools accept an address: RFC 5321 without the forms that they reject. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  return at > 0 && text.length <= 254 && LOCAL.test(text.slice(0, at)) && DOMAIN.test(text.slice(at + 1));
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function problemOf<Row>(tool: ExportTool, column: Column<Row>, value: Cell): string | null {
  if (value === null || value === "") return column.isRequired ? "expected a value but found none" : null;
  if (typeof value === "number") return Number.isFinite(value) ? null : "expected a number";
  if (column.limit !== undefined) {
    const { length, unit } = column.limit;
    const size = sizeOf(value, unit);
    if (size > length) return `expected at most ${length} ${unit} but found ${size}`;
  }
  if (CONTROL.test(value)) return "expected text without control characters";
  if (column.kind === "email" && !isEmail(value))
    return "expected an e-mail address; pass the contacts file with --contacts";
  if (column.form?.pattern.test(value) === false)
    return `expected ${column.form.what} but found ${shortened(value)}`;
  const formula = formulaProblem(tool, column, value);
  if (formula !== null) return formula;
  if (column.kind === "text" && tool.forbidden?.pattern.test(value) === true) {
    return `expected no ${tool.forbidden.what} but found ${shortened(value)}`;
  }
  return null;
}

function formulaProblem<Row>(tool: ExportTool, column: Column<Row>, value: string): string | null {
  const mustNotRun = tool.formulas === "refuse" || column.kind === "key" || column.kind === "email";
  if (!mustNotRun || !isFormula(value)) return null;
  const found = column.kind === "text" ? `: ${shortened(value)}` : "";
  return `expected no =, +, - or @ at the start, which spreadsheets run${found}`;
}

/** The start of a value, enough to recognise it; never all of a long one. */
function shortened(value: string): string {
  return `"${value.length > 40 ? `${value.slice(0, 37)}...` : value}"`;
}
