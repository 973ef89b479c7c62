/** `lookalike-ads/service`: the HTTP service and the review pages. */
export * from "../service/index.ts";
