import type { Neighbour } from "./types.ts";

/**
 * Keeps the k smallest of a stream of distances in a binary max-heap of two typed arrays. The greatest of them is at the
 * root, so that most candidates are rejected by one comparison.
 */
export class Nearest {
  readonly #distances: Float64Array;
  readonly #rows: Uint32Array;
  #size = 0;

  constructor(k: number) {
    this.#distances = new Float64Array(k);
    this.#rows = new Uint32Array(k);
  }

  /** Squared distances of this value or more are not kept. */
  get bound(): number {
    return this.#size < this.#distances.length ? Number.POSITIVE_INFINITY : this.#distance(0);
  }

  /** Offer rows in ascending order, so that of equal distances the lower row is kept. */
  offer(row: number, squared: number): void {
    if (this.#size < this.#distances.length) this.#rise(this.#size++, row, squared);
    else if (squared < this.#distance(0)) this.#sink(row, squared);
  }

  sorted(): Neighbour[] {
    const found = Array.from({ length: this.#size }, (_, i) => ({
      row: this.#rows[i] ?? 0,
      distance: Math.sqrt(this.#distance(i)),
    }));
    return found.sort(byDistance);
  }

  #rise(from: number, row: number, squared: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#above(row, squared, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#place(at, row, squared);
  }

  #sink(row: number, squared: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      const right = child + 1;
      if (right < this.#size && this.#above(this.#rows[right] ?? 0, this.#distance(right), child))
        child = right;
      if (this.#above(row, squared, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#place(at, row, squared);
  }

  /** Whether (row, squared) comes after the entry at `slot`: greater distance, or equal distance and a higher row. */
  #above(row: number, squared: number, slot: number): boolean {
    const other = this.#distance(slot);
    return squared > other || (squared === other && row > (this.#rows[slot] ?? 0));
  }

  #distance(slot: number): number {
    return this.#distances[slot] ?? 0;
  }

  #move(from: number, to: number): void {
    this.#place(to, this.#rows[from] ?? 0, this.#distance(from));
  }

  #place(slot: number, row: number, squared: number): void {
    this.#rows[slot] = row;
    this.#distances[slot] = squared;
  }
}

export function byDistance(a: Neighbour, b: Neighbour): number {
  return a.distance - b.distance || a.row - b.row;
}
