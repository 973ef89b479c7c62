/** `lookalike-ads/gallery`: the inventory's faces and the search among them. */
export * from "../gallery/index.ts";
