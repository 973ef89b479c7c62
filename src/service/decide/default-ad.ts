import type { AdContent, RunIndex } from "./run-index.ts";

/** The default ad of the offer that most customers get; null: no offer has one. */
export function defaultAdOf(
  { offers }: RunIndex,
  defaults: ReadonlyMap<string, AdContent>,
): AdContent | null {
  const [most] = [...defaults].toSorted(([a], [b]) => (offers.get(b) ?? 0) - (offers.get(a) ?? 0));
  return most?.[1] ?? null;
}

/** @returns whether a file belongs to an ad that may be shown; a file of no ad may not be given out */
export function approvedFiles(
  { contents }: RunIndex,
  defaults: ReadonlyMap<string, AdContent>,
  mayShow: (content: AdContent) => boolean,
): (file: string) => boolean {
  const contentOf = new Map<string, AdContent>();
  for (const content of [...contents, ...defaults.values()]) {
    for (const { file } of content.creatives) contentOf.set(file, content);
  }
  return (file) => {
    const content = contentOf.get(file);
    return content !== undefined && mayShow(content);
  };
}
