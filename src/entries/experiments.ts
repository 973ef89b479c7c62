/** `lookalike-ads/experiments`: assignment, reading of results and planning of tests. */
export * from "../experiments/index.ts";
