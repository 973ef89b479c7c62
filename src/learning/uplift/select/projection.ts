import { type Clusters, combinePValues, projectLinearly } from "../../../statistics/index.ts";
import type { DesignMatrix } from "../../features/encode.ts";
import type { FeatureSchema } from "../../features/schema.ts";

/** Maximum number of columns for the projection: each costs power. */
const MOST_COLUMNS = 20;
/** Customers (clusters) per column that a test of its kind needs to keep its level. */
const UNITS_PER_COLUMN = 100;

/** Indices of the design columns that vary most: what effects are projected on. */
export function projectionColumns({ features }: FeatureSchema, units: number): number[] {
  const variances = features.flatMap((feature) => {
    const shares =
      feature.kind === "number"
        ? []
        : [...feature.levels.map(({ share }) => share), ...(feature.rare > 0 ? [feature.rare] : [])];
    const own = feature.kind === "number" ? [1] : shares.map((share) => share * (1 - share));
    const encoded = feature.kind === "category" && feature.encoding ? [1] : [];
    return [...own, ...(feature.missing > 0 ? [feature.missing * (1 - feature.missing)] : []), ...encoded];
  });
  const most = Math.min(MOST_COLUMNS, Math.floor(units / UNITS_PER_COLUMN));
  return [...variances.keys()]
    .sort((a, b) => (variances[b] as number) - (variances[a] as number) || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/**
 * P-value that an arm's effect depends on no column, linearly: Wald's test of all of them together, which finds what
 * many columns predict a little of, combined with the tests of each, which find the effect of a single column.
 */
export function projectionPValue(
  scores: Float64Array,
  matrix: DesignMatrix,
  columns: readonly number[],
  clusters: Clusters,
): number {
  if (columns.length === 0) return 1;
  const { wald, pValues } = projectLinearly(scores, matrix, columns, clusters);
  return combinePValues([wald.pValue, ...pValues], [pValues.length, ...pValues.map(() => 1)]);
}
