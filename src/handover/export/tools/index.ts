import { invalidOption, nearestSpelling } from "../../../core/index.ts";
import { EXPORT_FORMATS, type ExportFormat, type ExportTool } from "../types.ts";
import { BRAZE } from "./braze.ts";
import { CSV, JSONL, PARQUET } from "./generic.ts";
import { GOOGLE } from "./google.ts";
import { KLAVIYO } from "./klaviyo.ts";
import { MAILCHIMP } from "./mailchimp.ts";
import { META } from "./meta.ts";
import { SFMC } from "./sfmc.ts";

/** One tool per format: columns, limits and their sources. */
export const EXPORT_TOOLS: Readonly<Record<ExportFormat, ExportTool>> = {
  csv: CSV,
  parquet: PARQUET,
  jsonl: JSONL,
  mailchimp: MAILCHIMP,
  braze: BRAZE,
  klaviyo: KLAVIYO,
  sfmc: SFMC,
  "meta-catalogue": META,
  "google-custom": GOOGLE,
};

/** @throws ERR_OPTION_INVALID there is no such format */
export function findExportTool(format: string): ExportTool {
  const known = EXPORT_FORMATS.find((id) => id === format);
  if (known !== undefined) return EXPORT_TOOLS[known];
  const nearest = nearestSpelling(format, EXPORT_FORMATS);
  throw invalidOption(
    "a known format",
    "format",
    format,
    nearest === null ? `Known: ${EXPORT_FORMATS.join(", ")}.` : `Did you mean ${nearest}?`,
  );
}
