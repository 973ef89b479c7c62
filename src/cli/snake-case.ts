/** The command line's JSON has snake_case keys, as its input files do. Maps become objects, typed arrays lists. */
export function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (value instanceof Float64Array) return Array.from(value);
  if (value instanceof Map) return snakeCase(Object.fromEntries(value));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [snakeKey(key), snakeCase(entry)]));
}

function snakeKey(key: string): string {
  return key.replace(/[A-Z]|(?<=[a-z])\d+/g, (match) => `_${match.toLowerCase()}`).replaceAll(" ", "_");
}
