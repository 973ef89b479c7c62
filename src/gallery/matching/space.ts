import {
  commonParts,
  defaultMetric,
  measures,
  type PartName,
  type ResemblanceMetric,
  resemblanceVector,
  restrict,
  reweigh,
  type WeightChanges,
} from "../../faces/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { MatchOptions, Probe } from "../types-match.ts";

/** What matches are ordered by: the distance of embeddings, or the resemblance of a metric's vectors. */
export type Space =
  | { readonly kind: "distance" }
  | { readonly kind: "resemblance"; readonly metric: ResemblanceMetric; readonly id: string };

export const DISTANCE: Space = { kind: "distance" };

/**
 * The space in which a probe is searched for: resemblance on the parts that the probe and every face of the gallery have;
 * distance if there are none, or if none of them has a weight.
 *
 * @param ids the ids of the features of the gallery's faces; null for faces without features
 */
export function spaceOf(
  ids: readonly (string | null)[],
  probe: Probe,
  { metric, options }: { readonly metric: ResemblanceMetric | null; readonly options: MatchOptions },
): Space {
  if (probe.features === undefined) return DISTANCE;
  const known = ids.filter((id) => id !== null);
  if (known.length === 0 || known.length < ids.length) return DISTANCE;
  const own = options.featuresId ?? null;
  const parts = commonParts(own === null ? known : [...known, own]);
  return resemblanceSpace(metric, options.weights, parts);
}

function resemblanceSpace(
  metric: ResemblanceMetric | null,
  changes: WeightChanges = {},
  parts: ReadonlySet<PartName>,
): Space {
  const base = metric === null ? defaultMetric(parts, changes) : restrict(reweigh(metric, changes), parts);
  if (!measures(base)) return DISTANCE;
  return { kind: "resemblance", metric: base, id: idOf(base) };
}

function idOf({ weights, map }: ResemblanceMetric): string {
  const values = map?.values ?? new Float32Array(0);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const text = JSON.stringify([Object.entries(weights).toSorted(), map?.rank ?? 0, hashBytes(bytes)]);
  return `resemblance-${hashBytes(new TextEncoder().encode(text)).slice(0, 12)}`;
}

/** The probe's vector in a space, not yet protected. */
export function vectorIn(space: Space, probe: Probe): Float32Array {
  if (space.kind === "distance" || probe.features === undefined) return probe.embedding;
  return resemblanceVector(probe.features, space.metric);
}
