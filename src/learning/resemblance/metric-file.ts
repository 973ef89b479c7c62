import { z } from "zod";
import { LookalikeError } from "../../core/index.ts";
import {
  FEATURE_COUNT,
  FEATURES_VERSION,
  MOST_WEIGHT,
  perPart,
  type ResemblanceMetric,
} from "../../faces/index.ts";
import { readNamedText, reason, writeFileAtomic } from "../../io/files.ts";

const FORMAT = "lookalike-metric";
const VERSION = 1;

const weight = z.number().min(0).max(MOST_WEIGHT);
/** Far above the numbers of any learned map, so that distances stay finite. */
const MOST_IN_MAP = 1000;
const inMap = z.number().min(-MOST_IN_MAP).max(MOST_IN_MAP);

const schema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  features: z.literal(FEATURES_VERSION),
  weights: z.strictObject(perPart(weight)),
  /** Rows of a low-rank map; null: only weights. */
  map: z.array(z.array(inMap).length(FEATURE_COUNT)).min(1).max(16).nullable(),
  /** The findings of the fit, for people. */
  report: z.unknown(),
});

/**
 * Writes a metric as JSON.
 * @param report findings of the fit, stored in the file for people
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function saveMetric(path: string, metric: ResemblanceMetric, report: unknown): Promise<void> {
  const { weights, map } = metric;
  const rows = map && Array.from({ length: map.rank }, (_, row) => rowOf(map.values, row));
  const file = { format: FORMAT, version: VERSION, features: FEATURES_VERSION, weights, map: rows, report };
  await writeFileAtomic(path, `${JSON.stringify(file)}\n`);
}

function rowOf(values: Float32Array, row: number): number[] {
  return [...values.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT)];
}

/**
 * Loads a metric that `lookalike metric fit` wrote.
 *
 * @throws ERR_MODEL_UNREADABLE the file is missing or not JSON
 * @throws ERR_MODEL_MISMATCH it is not a metric, its numbers are out of range, or it is for features of another version
 *
 * @example
 * const gallery = await openGallery("gallery", { metric: await loadMetric("metric.json") });
 */
export async function loadMetric(path: string): Promise<ResemblanceMetric> {
  const parsed = schema.safeParse(await readJson(path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "file";
    throw new LookalikeError(
      "ERR_MODEL_MISMATCH",
      `Expected a resemblance metric of this version in ${path} but ${where} is wrong: ${issue?.message}`,
      { hint: "Pass a file of `lookalike metric fit`, or fit the metric again with this version." },
    );
  }
  const { weights, map } = parsed.data;
  return { weights, map: map && { rank: map.length, values: Float32Array.from(map.flat()) } };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readNamedText(path));
  } catch (cause) {
    throw new LookalikeError("ERR_MODEL_UNREADABLE", `Could not read the metric ${path}: ${reason(cause)}`, {
      hint: "Check the path, or fit the metric again with `lookalike metric fit`.",
      cause,
    });
  }
}
