import type { FaceEvaluation } from "../faces/index.ts";
import { snakeCase } from "./snake-case.ts";

/** The evaluation with the command line's snake_case keys; a refused photo carries its error, an empty one null. */
export function evaluationToJson(evaluation: FaceEvaluation): unknown {
  return snakeCase({
    ...evaluation,
    undetected: evaluation.undetected.map(({ photo, error }) => ({ photo, error: error?.toJSON() ?? null })),
    refusedPairs: evaluation.refusedPairs.map(({ row, error }) => ({ row, ...error.toJSON() })),
  });
}
