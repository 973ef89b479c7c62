import type { ApiContext } from "./context.ts";
import type { FallbackAnswer } from "./schemas.ts";

/** The ad for answers without a decision: the default ad of the offer that most customers get; null: there is none. */
export function fallbackOf({
  responder,
  mayShowFile,
}: Pick<ApiContext, "responder" | "mayShowFile">): FallbackAnswer {
  try {
    const { fallback, urlOf } = responder();
    if (!fallback?.creatives.every(({ file }) => mayShowFile(file))) return null;
    const { offer, copy, creatives } = fallback;
    return {
      offer: { ...offer, url: urlOf(offer.id) },
      copy,
      creatives: creatives.map(({ file, ...creative }) => ({ ...creative, url: `/v1/${file}` })),
    };
  } catch {
    // The campaign is still loading, or approvals on disk cannot be read.
    return null;
  }
}
