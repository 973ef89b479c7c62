import { once } from "../../core/index.ts";
import { BASIS_DATA, type PackedBasis } from "./basis-data.ts";

/** The principal components of a descriptor (`scripts/resemblance/fit-basis.ts`). */
export interface Basis {
  /** Length of the descriptor. */
  readonly size: number;
  /** Number of components kept. */
  readonly rank: number;
  readonly mean: Float32Array;
  /** Row-major: component k is `components[k * size ...]`. */
  readonly components: Float32Array;
}

/** Unpacked at the first use: a process that compares no faces does not need it. */
function unpack({ size, rank, mean, scales, components }: PackedBasis): Basis {
  const open = once(() => ({
    mean: floats(mean),
    components: scaled(bytes(components), floats(scales), size),
  }));
  return {
    size,
    rank,
    get mean() {
      return open().mean;
    },
    get components() {
      return open().components;
    },
  };
}

export const BASES = {
  identity: unpack(BASIS_DATA.identity),
  shape: unpack(BASIS_DATA.shape),
  traits: unpack(BASIS_DATA.traits),
  look: unpack(BASIS_DATA.look),
  middle: unpack(BASIS_DATA.middle),
} as const;

/**
 * A descriptor's coordinates on the principal components, scaled so that different people are 1 apart. The
 * dropped components do not contribute to distances.
 */
export function project({ rank, size, mean, components }: Basis, descriptor: Float32Array): Float32Array {
  const centred = descriptor.map((value, i) => value - (mean[i] as number));
  const coordinates = new Float32Array(rank);
  for (let k = 0; k < rank; k++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (components[k * size + i] as number) * (centred[i] as number);
    coordinates[k] = sum;
  }
  return coordinates;
}

function bytes(base64: string): Int8Array {
  const buffer = Buffer.from(base64, "base64");
  return new Int8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function floats(base64: string): Float32Array {
  const packed = bytes(base64);
  // A copy, because the buffer may not be aligned to 4 bytes.
  return new Float32Array(packed.slice().buffer);
}

/** Each component's bytes times its own factor. */
function scaled(packed: Int8Array, scales: Float32Array, size: number): Float32Array {
  return Float32Array.from(packed, (value, i) => value * (scales[Math.floor(i / size)] as number));
}
