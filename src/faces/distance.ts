import { invalidOption } from "../core/index.ts";

/**
 * Default bounds of the distance within which a face of another person is a match. Closer photos mostly show
 * the same person: on LFW (3,811 photos) 0.47 % and on the London set (204) none of the closest other people
 * are that close, and 42 % and 99 % of the photos of the same person are (docs/faces.md).
 */
export const MATCH_BOUNDS = { least: 0.4, most: 0.8 } as const;

/**
 * Euclidean distance between two embeddings (not squared): 0 for the same picture; dlib's threshold for the same person is
 * 0.6. This function only measures; thresholds belong to policy.
 *
 * @throws ERR_OPTION_INVALID the lengths differ
 *
 * @example
 * const distance = euclideanDistance(first.embedding, second.embedding);
 */
export function euclideanDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw invalidOption(`an embedding of ${a.length} numbers`, "b", b);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
