/** Vectors of faces as one matrix. Rows are ordered by face id, so that adding faces does not move rows. */
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
  /** Number of allowed rows. */
  readonly count: number;
}

export interface Neighbour {
  readonly row: number;
  /** Euclidean, not squared. */
  readonly distance: number;
}

/** Nearest-neighbour search. All implementations have one contract, tested against exact search. */
export interface VectorIndex {
  readonly kind: "exact" | "hnsw";
  readonly size: number;
  /**
   * The `k` rows nearest to a probe, nearest first, equal distances by row; fewer only if fewer are allowed.
   * @param probe has the dimensions of the index; every component is finite
   */
  search(probe: Float32Array, k: number, allowed?: RowMask | undefined): readonly Neighbour[];
}
