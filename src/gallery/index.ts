export { openGallery } from "./gallery.ts";
export { HNSW_FROM_FACES } from "./matching/searcher.ts";
export type * from "./types.ts";
