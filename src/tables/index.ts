export { canonicalText } from "./blanks.ts";
export { type Candidate, candidateNames, candidateOf, mergeColumn, pickCandidates } from "./candidates.ts";
export { optionalColumn, requireColumn, roleColumn, unreadEnd } from "./columns.ts";
export { emptySource } from "./csv.ts";
export { chooseByKinds, chooseFeatures, type FeatureSet, type KindsRequest, leftColumn } from "./features.ts";
export { findFiles, type SourceFile, type TableSource } from "./files.ts";
export { truthOf } from "./forms.ts";
export { checkIds, idOf, isWholeNumber } from "./ids.ts";
export { parseDate } from "./iso-date.ts";
export { countsByCode, openLedger, type RowLedger } from "./ledger.ts";
export { type Meeting, warnOfIds } from "./meetings.ts";
export { type DecimalMark, readTally, tallyColumns } from "./numbers.ts";
export { withReadableText } from "./readable.ts";
export { type BrokenRecord, readRecords, type TableRecord } from "./records.ts";
export { noteRejectedLines, type RejectedLines, readRejectedLines } from "./rejects.ts";
export { type FeatureKind, type FeatureRequest, isNameList, requestedNames } from "./request.ts";
export {
  numberOf,
  openFileScans,
  openScans,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  textOf,
} from "./scan.ts";
export { findTimeForm, instantOf, isoTextOf, TIME_FORMS, type TimeForm } from "./times.ts";
export type { ColumnWarning, RefusedRow, RowReport } from "./types.ts";
export { isMissingText, isNoText, isYesText, MISSING_WORDS } from "./words.ts";
