import type { Neighbour } from "./types.ts";

/**
 * Keeps the k smallest of a stream of distances: a binary max-heap in two typed arrays, so that the worst of the
 * best is at the root and most candidates are refused by one comparison.
 */
export class Nearest {
  readonly #distances: Float64Array;
  readonly #rows: Uint32Array;
  #size = 0;

  constructor(k: number) {
    this.#distances = new Float64Array(k);
    this.#rows = new Uint32Array(k);
  }

  /** Squared distances of this and above cannot get in any more. */
  get bound(): number {
    return this.#size < this.#distances.length ? Number.POSITIVE_INFINITY : this.#distance(0);
  }

  /** Offers must come in ascending row order for equal distances to be kept by lower row. */
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

  /** Whether (row, squared) is worse than the entry at `slot`: farther, or as far with a higher row. */
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
