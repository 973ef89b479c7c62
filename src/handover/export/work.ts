import type { RowReport } from "../../tables/index.ts";
import type { Vault } from "../../trust/index.ts";
import type { Unapproved } from "./approved.ts";
import type { Cell, Findings } from "./check.ts";
import type { WrittenFile } from "./parts.ts";
import type { RowMaker } from "./rows.ts";
import type { Column, ExportFormat, ExportTool } from "./types.ts";
import type { ConsentFilter, Withheld } from "./withheld.ts";

export interface ExportReport {
  readonly format: ExportFormat;
  readonly files: readonly WrittenFile[];
  /** Rows in all files together. */
  readonly rows: number;
  /** Customers without a row, by reason. */
  readonly leftOut: { readonly shownNothing: number; readonly withoutAddress: number };
  /** Customers who may no longer be used; null: the run used no consent registry. */
  readonly withheld: Withheld | null;
  /** Decisions with unapproved ads; null: no approval required. */
  readonly unapproved: Unapproved | null;
  /** The report on the contacts' rows; null: no contacts. */
  readonly contactRows: RowReport | null;
  /** Points for a person to check; the files are complete nevertheless. */
  readonly warnings: readonly string[];
}

/** The parts that both kinds of export use. */
export interface ExportParts<Row> {
  readonly out: string;
  readonly tool: ExportTool;
  readonly columns: readonly Column<Row>[];
  readonly rows: RowMaker;
  readonly findings: Findings;
  readonly consents: Pick<ConsentFilter, "keep">;
  readonly vault: Vault | null;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (decisions: number) => void;
  /** Writes a row that has passed; ignored after the first problem. */
  readonly write: (cells: readonly Cell[]) => Promise<void>;
}
