import { type Clusters, combinePValues, projectLinearly } from "../../../statistics/index.ts";
import type { DesignMatrix } from "../../features/encode.ts";
import type { FeatureSchema } from "../../features/schema.ts";

/** Maximum number of columns for the projection: each one reduces the power. */
const MOST_COLUMNS = 20;
/** Customers (clusters of equal size) per column that the test needs to keep its level. */
const UNITS_PER_COLUMN = 100;

/** Indices of the design columns that vary most, on which effects are projected. */
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
 * P-value of the hypothesis that an arm's effect depends linearly on no column. Wald's test of all columns
 * together detects small effects of many columns; it is combined with the tests of each column, which detect
 * the effect of a single one.
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
