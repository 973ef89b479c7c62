/** Embeddings as one matrix. Row order is face id order, so that adding faces never moves a row. */
export interface VectorSet {
  readonly dimensions: number;
  /** Face id per row, ascending. */
  readonly ids: Uint32Array;
  /** Content (file) id per row. */
  readonly contents: Uint32Array;
  /** Row-major: component d of row r is `vectors[r * dimensions + d]`. */
  readonly vectors: Float32Array;
}

/** The rows that a search may return: 1 = allowed. */
export interface RowMask {
  readonly bits: Uint8Array;
  /** How many are allowed. */
  readonly count: number;
}

export interface Neighbour {
  readonly row: number;
  /** Euclidean, not squared. */
  readonly distance: number;
}

/** Nearest-neighbour search; one contract for every implementation, with exact search as the oracle. */
export interface VectorIndex {
  readonly kind: "exact" | "hnsw";
  readonly size: number;
  /**
   * The `k` rows nearest to a probe, nearest first, equal distances by row; fewer only where fewer are allowed.
   * @param probe as long as the index has dimensions, every component finite
   */
  search(probe: Float32Array, k: number, allowed?: RowMask | undefined): readonly Neighbour[];
}
