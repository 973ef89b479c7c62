import { designColumns } from "../features/encode.ts";
import type { FeatureSchema } from "../features/schema.ts";

/**
 * Columns that say the same thing of several classes, such as `price.nabisco` beside `price.private`, or
 * `contact_share_Apple` beside `contact_share_Nokia`: what is said of a class moves people to that class, by one weight
 * for all of them.
 */
export interface MatchedColumns {
  /** What the names have in common: `price.`, `contact_share_`. */
  readonly prefix: string;
  /** Per class its design column; -1: none. */
  readonly columns: Int32Array;
  /** Per class what turns the standardised column back into units that all columns of the group share. */
  readonly factors: Float64Array;
}

/** Between what a column says and the class it says it of. */
const SEPARATOR = /[\s._:/-]$/;

/**
 * Groups a schema's numeric columns by the class that their name ends in; a group has two classes or more.
 *
 * Source: McFadden 1974, "Conditional logit analysis of qualitative choice behavior" (alternative-specific variables).
 *
 * @param classes their labels; case does not count
 */
export function matchColumns(schema: FeatureSchema, classes: readonly string[]): MatchedColumns[] {
  // "Other Phones" before "Phones".
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

/** Each deviation in units of their mean, so that the shared weight is penalised as the others are. */
function inSharedUnits(deviations: Float64Array): Float64Array {
  const known = deviations.filter((deviation) => deviation > 0);
  const mean = known.reduce((sum, deviation) => sum + deviation, 0) / known.length;
  return deviations.map((deviation) => deviation / mean);
}
