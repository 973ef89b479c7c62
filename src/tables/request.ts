export type FeatureKind = "number" | "category";

/** Column names, or names with kinds that override those of the file. */
export type FeatureRequest = readonly string[] | Readonly<Record<string, FeatureKind>>;

export function isNameList(request: FeatureRequest): request is readonly string[] {
  return Array.isArray(request);
}

/** The requested names; null means all. */
export function requestedNames(request: FeatureRequest | undefined): readonly string[] | null {
  if (request === undefined) return null;
  return isNameList(request) ? request : Object.keys(request);
}
