import type { ApiContext } from "./context.ts";
import type { FallbackAnswer } from "./schemas.ts";

/** The ad shown without a decision: the default ad of the offer with the most customers; null if there is none. */
export function fallbackOf({ desk, mayShowFile }: Pick<ApiContext, "desk" | "mayShowFile">): FallbackAnswer {
  try {
    const { fallback, urlOf } = desk();
    if (!fallback?.creatives.every(({ file }) => mayShowFile(file))) return null;
    const { offer, copy, creatives } = fallback;
    return {
      offer: { ...offer, url: urlOf(offer.id) },
      copy,
      creatives: creatives.map(({ file, ...creative }) => ({ ...creative, url: `/v1/${file}` })),
    };
  } catch {
    // The campaign is still loading, or what is kept on disk cannot be read.
    return null;
  }
}
