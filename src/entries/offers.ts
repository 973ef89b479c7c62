/** `lookalike-ads/offers`: training, scoring, choosing and evaluating offers. */
export * from "../offers/index.ts";
