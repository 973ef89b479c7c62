export type FeatureKind = "number" | "category";

/** Names of columns, or names with their kinds where the file alone should not decide them. */
export type FeatureRequest = readonly string[] | Readonly<Record<string, FeatureKind>>;

export function isNameList(request: FeatureRequest): request is readonly string[] {
  return Array.isArray(request);
}

/** The names that a request asks for; null: all. */
export function requestedNames(request: FeatureRequest | undefined): readonly string[] | null {
  if (request === undefined) return null;
  return isNameList(request) ? request : Object.keys(request);
}
