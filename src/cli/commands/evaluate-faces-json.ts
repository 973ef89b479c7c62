import type { FaceEvaluation } from "../../faces/index.ts";
import { snakeCase } from "../snake-case.ts";

/** The evaluation with the command line's snake_case keys. */
export function evaluationToJson(evaluation: FaceEvaluation): unknown {
  return snakeCase({
    ...evaluation,
    refusedPhotos: evaluation.refusedPhotos.map(({ photo, error }) => ({ photo, ...error.toJSON() })),
    refusedPairs: evaluation.refusedPairs.map(({ row, error }) => ({ row, ...error.toJSON() })),
  });
}
