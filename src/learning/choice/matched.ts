import { designColumns } from "../features/encode.ts";
import type { FeatureSchema } from "../features/schema.ts";

/**
 * Columns that describe the same quantity for several classes, such as `price.nabisco` and `price.private`,
 * or `contact_share_Apple` and `contact_share_Nokia`. The value for a class moves people to that class, with
 * one shared weight for all classes.
 */
export interface MatchedColumns {
  /** The common part of the names: `price.`, `contact_share_`. */
  readonly prefix: string;
  /** Design column of each class; -1: none. */
  readonly columns: Int32Array;
  /**
   * For each class, the factor that converts the standardised column back to units shared by all columns of
   * the group.
   */
  readonly factors: Float64Array;
}

/** Separator between the quantity and the class. */
const SEPARATOR = /[\s._:/-]$/;

/**
 * Groups a schema's numeric columns by the class at the end of their name; a group has at least two classes.
 *
 * Source: McFadden 1974, "Conditional logit analysis of qualitative choice behavior" (alternative-specific
 * variables).
 *
 * @param classes labels of the classes; case is ignored
 */
export function matchColumns(schema: FeatureSchema, classes: readonly string[]): MatchedColumns[] {
  // Longest first: "Other Phones" before "Phones".
  const byLength = [...classes.keys()].sort((a, b) => length(b) - length(a));
  function length(index: number): number {
    return (classes[index] as string).length;
  }
  const groups = new Map<string, { columns: Int32Array; deviations: Float64Array }>();
  const names = designColumns(schema);
  for (const feature of schema.features) {
    if (feature.kind !== "number") continue;
    const name = feature.name.toLowerCase();
    const index = byLength.find((each) => {
      const label = (classes[each] as string).toLowerCase();
      return (
        label !== "" && name.endsWith(label) && SEPARATOR.test(name.slice(0, name.length - label.length))
      );
    });
    if (index === undefined) continue;
    const prefix = name.slice(0, name.length - length(index));
    const group = groups.get(prefix) ?? {
      columns: new Int32Array(classes.length).fill(-1),
      deviations: new Float64Array(classes.length),
    };
    groups.set(prefix, group);
    group.columns[index] = names.indexOf(feature.name);
    group.deviations[index] = feature.deviation;
  }
  return [...groups]
    .map(([prefix, { columns, deviations }]) => ({ prefix, columns, factors: inSharedUnits(deviations) }))
    .filter(({ columns }) => columns.filter((column) => column >= 0).length >= 2);
}

/** Each deviation relative to their mean, so that the shared weight is penalised like the others. */
function inSharedUnits(deviations: Float64Array): Float64Array {
  const known = deviations.filter((deviation) => deviation > 0);
  const mean = known.reduce((sum, deviation) => sum + deviation, 0) / known.length;
  return deviations.map((deviation) => deviation / mean);
}
