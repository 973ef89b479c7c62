import type { FaceEvaluation } from "../faces/index.ts";

/** The evaluation with the command line's snake_case keys; a refused photo carries its error, an empty one null. */
export function evaluationToJson(evaluation: FaceEvaluation): unknown {
  return snakeCase({
    ...evaluation,
    undetected: evaluation.undetected.map(({ photo, error }) => ({ photo, error: error?.toJSON() ?? null })),
    refusedPairs: evaluation.refusedPairs.map(({ row, error }) => ({ row, ...error.toJSON() })),
  });
}

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.replace(/[A-Z]|(?<=[a-z])\d+/g, (match) => `_${match.toLowerCase()}`),
      snakeCase(entry),
    ]),
  );
}
