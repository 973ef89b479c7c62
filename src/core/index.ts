export { labelsOf, numbersOf } from "./columns.ts";
export { allFinished, createLimit, mapOrdered } from "./concurrency.ts";
export { createDepthMeter, MOST_LEVELS } from "./depth.ts";
export {
  aborted,
  ERROR_CODES,
  type ErrorCode,
  expected,
  invalidOption,
  isLookalikeError,
  LookalikeError,
  throwIfAborted,
  wrongUse,
} from "./errors.ts";
export { escapeLines, escapeText } from "./escape.ts";
export { CREATIVES_FOLDER } from "./folders.ts";
export { BLANKS, canonicalId } from "./ids.ts";
export { createMemo, once } from "./memo.ts";
export { createRandom, type Random, randomNormal, randomPermutation } from "./random.ts";
export { nearestSpelling } from "./spelling.ts";
export {
  type CategoryColumn,
  type Column,
  categoryColumn,
  cell,
  type NumberColumn,
  numberColumn,
  type Table,
  takeRows,
} from "./table.ts";
export { expectedTerritory, parseTerritory } from "./territories.ts";
export { startWorker } from "./worker.ts";
