export { openGallery } from "./gallery.ts";
export { type WalkListener, walkPhotos } from "./indexing/walk.ts";
export { type CsvRecord, readCsv } from "./labels/csv.ts";
export { listPhotos } from "./list.ts";
export { HNSW_FROM_FACES } from "./matching/searcher.ts";
export { isGalleryUnder, rekeyGallery } from "./rekey.ts";
export { SIDEWAYS_DEGREES, TILTED_DEGREES } from "./tilt.ts";
export type * from "./types.ts";
export { loadHnswLibrary } from "./vectors/hnsw.ts";
