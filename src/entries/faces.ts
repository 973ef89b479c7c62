/** `lookalike-ads/faces`: a photo into faces, and their evaluation on known people. */
export * from "../faces/index.ts";
