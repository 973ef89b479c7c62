import { z } from "zod";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import type { RowReport } from "../../tables/index.ts";
import { outputFile } from "../files.ts";
import { readChecked } from "../lines.ts";
import type { OutputFile } from "../types.ts";

/** Settings of a run over customers, for its workers and for the merge. */
const settings = z.object({
  /** Absolute path of the campaign, the same on every machine. */
  campaign: z.string(),
  model: z.string().nullable(),
  template: z.string().nullable(),
  workFingerprint: z.string(),
  columns: z.array(z.string()),
  /** The list of the shards' files, in a file of its own because it is long: `InputFile[]` as JSON. */
  inputs: outputFile,
  shards: z.number(),
  /** Copy of the gallery used for decisions. */
  gallery: z.array(outputFile),
  hasBudgets: z.boolean(),
  offers: z.array(z.string()),
  unjudgedOffers: z.array(z.string()),
  rows: z.object({
    read: z.number(),
    refused: z.number(),
    refusedByCode: z.record(z.string(), z.number()),
    refusals: z.array(z.unknown()),
    warnings: z.array(z.unknown()),
  }),
  total: z.number(),
  at: z.string(),
  keyId: z.string().nullable(),
  /** Id of the machine that planned the run. */
  machine: z.string(),
  /** Whether the shared files were kept after the merge; default: they are removed. */
  isKept: z.boolean().optional(),
});

export type CustomersSettings = z.infer<typeof settings>;
export type InputFile = OutputFile & { readonly first: number; readonly count: number };

/** Reads the list of the shards' files, in order. */
export async function readInputs(
  files: SharedFiles,
  { inputs }: CustomersSettings,
): Promise<readonly InputFile[]> {
  const text = (await readChecked(files, inputs)).toString("utf8");
  return z.array(outputFile.extend({ first: z.number(), count: z.number() })).parse(JSON.parse(text));
}

export function readSettings(written: unknown): CustomersSettings {
  return settings.parse(written);
}

/** Whether the files of a merged run were kept on purpose. */
export function isKept(written: Readonly<Record<string, unknown>>): boolean {
  return written.isKept === true;
}

export function rowsOf({ rows }: CustomersSettings): RowReport {
  return rows as unknown as RowReport;
}
