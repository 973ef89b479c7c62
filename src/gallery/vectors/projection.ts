import { setImmediate } from "node:timers/promises";
import { covarianceOf, dot, principalDirections, sumDiagonal, times } from "./principal.ts";
import type { VectorSet } from "./types.ts";

/**
 * Shortens wide vectors for the graph to their coordinates on the directions of the greatest variance of the gallery's
 * faces. The directions are orthonormal, so a distance of shortened vectors is never greater than that of the whole vectors.
 * The whole vectors then order the candidates (Seidl & Kriegel, SIGMOD 1998).
 */
export interface Projection {
  /** Dimensions of the whole vectors and of the shortened ones. */
  readonly from: number;
  readonly to: number;
  /** Row-major, `to` rows of `from` numbers, orthonormal. */
  readonly values: Float32Array;
}

/** Vectors of fewer dimensions are not shortened: the graph is fast enough, and each dimension matters more. */
const WIDE_FROM = 120;
/** Minimum share of the variance, and maximum share of the dimensions, that shortened vectors keep. */
const KEPT = 0.75;
const MOST_OF_DIMENSIONS = 0.5;
/** The number of dimensions is a multiple of this, which fills vector registers. */
const STEP = 16;
/** A projection that keeps a smaller share of the variance of the present faces is outdated. */
const STALE_BELOW = 0.7;
/** Rows per dimension from which a covariance is reliable. */
const ROWS_PER_DIMENSION = 10;
/** Tolerance for directions stored as 32-bit floats. */
const ROUNDING = 1e-4;

/** The projection of a set; null if its vectors are short or too few, or vary in all directions equally. */
export function fitProjection(set: VectorSet): Projection | null {
  const { dimensions, ids } = set;
  if (dimensions < WIDE_FROM || ids.length < ROWS_PER_DIMENSION * dimensions) return null;
  const most = STEP * Math.floor((MOST_OF_DIMENSIONS * dimensions) / STEP);
  const covariance = covarianceOf(set);
  const enough = KEPT * sumDiagonal(covariance, dimensions);
  const principal = principalDirections(covariance, dimensions, most);
  let kept = 0;
  for (const [i, { variance }] of principal.entries()) {
    kept += variance;
    const to = i + 1;
    if (to % STEP !== 0 || !(kept >= enough)) continue;
    const values = Float32Array.from(principal.slice(0, to).flatMap(({ direction }) => [...direction]));
    const projection = { from: dimensions, to, values };
    return isOrthonormal(projection) ? projection : null;
  }
  return null;
}

/** Whether a projection keeps enough of the variance of a set. */
export function suits(projection: Projection, set: VectorSet): boolean {
  const { from, to } = projection;
  if (from !== set.dimensions) return false;
  const covariance = covarianceOf(set);
  let kept = 0;
  for (let k = 0; k < to; k++) {
    const direction = Float64Array.from(rowOf(projection, k));
    kept += dot(times(covariance, direction), direction);
  }
  return kept >= STALE_BELOW * sumDiagonal(covariance, from);
}

/** Returns a function that shortens one vector. */
export function createShortener({ from, to, values }: Projection) {
  const matrix = Float64Array.from(values);
  const whole = new Float64Array(from);
  /** Writes `to` numbers to `target`. */
  return (vector: Float32Array, target: Float32Array): void => {
    whole.set(vector);
    // Four sums per pass over the vector; `to` is a multiple of 16.
    for (let k = 0; k < to; k += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0, at = k * from; i < from; i++, at++) {
        const value = whole[i] as number;
        a += value * (matrix[at] as number);
        b += value * (matrix[at + from] as number);
        c += value * (matrix[at + 2 * from] as number);
        d += value * (matrix[at + 3 * from] as number);
      }
      target[k] = a;
      target[k + 1] = b;
      target[k + 2] = c;
      target[k + 3] = d;
    }
  };
}

/** Rows between two turns of the event loop. */
const CHUNK = 2000;

/** The set with shortened vectors in shared memory; without a projection, the set itself. */
export async function shorten(set: VectorSet, projection: Projection | null): Promise<VectorSet> {
  if (projection === null) return set;
  const { from, to } = projection;
  const rows = set.ids.length;
  const vectors = new Float32Array(new SharedArrayBuffer(rows * to * Float32Array.BYTES_PER_ELEMENT));
  const shortener = createShortener(projection);
  for (let row = 0; row < rows; row++) {
    shortener(set.vectors.subarray(row * from, (row + 1) * from), vectors.subarray(row * to, (row + 1) * to));
    if (row % CHUNK === 0) await setImmediate();
  }
  return { ...set, dimensions: to, vectors };
}

/** Encodes a projection for a note. */
export function packProjection({ to, values }: Projection): PackedProjection {
  return { to, values: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64") };
}

export interface PackedProjection {
  readonly to: number;
  /** Base64 of little-endian 32-bit floats. */
  readonly values: string;
}

/** Decodes a projection; null if it is not a valid projection of vectors of `from` dimensions. */
export function unpackProjection(packed: unknown, from: number): Projection | null {
  if (typeof packed !== "object" || packed === null || !("to" in packed) || !("values" in packed))
    return null;
  const { to, values } = packed;
  if (typeof to !== "number" || typeof values !== "string") return null;
  if (!(Number.isInteger(to) && to > 0 && to < from && to % STEP === 0)) return null;
  const bytes = Uint8Array.from(Buffer.from(values, "base64"));
  if (bytes.length !== from * to * Float32Array.BYTES_PER_ELEMENT) return null;
  const projection = { from, to, values: new Float32Array(bytes.buffer) };
  return isOrthonormal(projection) ? projection : null;
}

/** Also false for numbers that are not finite. */
function isOrthonormal(projection: Projection): boolean {
  for (let k = 0; k < projection.to; k++) {
    for (let other = 0; other <= k; other++) {
      const product = dot(rowOf(projection, k), rowOf(projection, other));
      if (!(Math.abs(product - (k === other ? 1 : 0)) < ROUNDING)) return false;
    }
  }
  return true;
}

function rowOf({ from, values }: Projection, k: number): Float32Array {
  return values.subarray(k * from, (k + 1) * from);
}
