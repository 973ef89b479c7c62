import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LookalikeError, once } from "../../core/index.ts";
import { hashBytes, reason } from "../../io/files.ts";

/** A network's weights as a package stores them, dequantised. */
export interface Weights {
  /** SHA-256 of the stored bytes, computed when it is read. */
  readonly hash: string;
  readonly tensors: ReadonlyMap<string, WeightTensor>;
}

export interface WeightTensor {
  /** In the order of TensorFlow.js: convolution filters are [height, width, in, out]. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** One tensor in TensorFlow.js's manifest of a weights file. */
export interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly scale: number; readonly min: number; readonly dtype: string };
}

export type NetworkName =
  | "ssd_mobilenetv1"
  | "tiny_face_detector"
  | "face_landmark_68"
  | "face_recognition"
  | "age_gender"
  | "face_expression";

/** The folder of the installed `@vladmandic/face-api` package. */
export function faceApiFolder(): string {
  return dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json"));
}

/**
 * Reads one network's weights from a folder in TensorFlow.js layers format (a manifest beside one binary file).
 * 8-bit tensors are dequantised as `stored * scale + min`.
 *
 * @param folder default: the models that the face-api package ships
 * @throws ERR_WEIGHTS_INVALID a file is missing, or the sizes do not fit
 */
export async function readWeights(
  network: NetworkName,
  folder = join(faceApiFolder(), "model"),
): Promise<Weights> {
  const manifestPath = join(folder, `${network}_model-weights_manifest.json`);
  try {
    const manifest = JSON.parse(await readFile(manifestPath, "utf8")) as readonly {
      readonly weights: readonly ManifestEntry[];
    }[];
    const bytes = await readFile(join(folder, `${network}_model.bin`));
    const entries = manifest.flatMap((group) => group.weights);
    return toWeights(entries, bytes);
  } catch (cause) {
    throw new LookalikeError(
      "ERR_WEIGHTS_INVALID",
      `Could not read the weights of ${network}: ${reason(cause)}`,
      {
        hint: "Reinstall @vladmandic/face-api: its model folder is missing or damaged.",
        cause,
      },
    );
  }
}

/** The types that tensors are stored as, and their bytes. */
const STORED_BYTES: Readonly<Record<string, number>> = { uint8: 1, float16: 2, float32: 4, int32: 4 };

/** The weights of a file that contains the tensors of a manifest. */
export function toWeights(entries: readonly ManifestEntry[], bytes: Uint8Array): Weights {
  return {
    tensors: decode(entries, bytes),
    get hash() {
      return hashBytes(bytes);
    },
  };
}

/** Decodes the tensors of a file, which are stored one after the other. */
function decode(entries: readonly ManifestEntry[], bytes: Uint8Array): Map<string, WeightTensor> {
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, dtype, quantization } of entries) {
    const count = shape.reduce((product, size) => product * size, 1);
    const stored = quantization?.dtype ?? dtype;
    const width = STORED_BYTES[stored];
    if (width === undefined) throw new Error(`the stored type ${stored} is not known`);
    const slice = bytes.subarray(offset, offset + count * width);
    if (slice.length !== count * width) throw new Error(`the file ends inside ${name}`);
    tensors.set(
      name,
      lazyTensor(shape, () => dequantise(slice, stored, quantization)),
    );
    offset += count * width;
  }
  if (offset !== bytes.length) throw new Error(`${bytes.length - offset} bytes are left over`);
  return tensors;
}

/**
 * Values are decoded at the first read: an engine that needs only the hash, to name its embedder, skips the
 * decoding.
 */
function lazyTensor(shape: readonly number[], read: () => Float32Array): WeightTensor {
  const values = once(read);
  return {
    shape,
    get values() {
      return values();
    },
  };
}

function dequantise(
  stored: Uint8Array,
  dtype: string,
  quantization: ManifestEntry["quantization"],
): Float32Array {
  if (dtype === "uint8" && quantization) {
    const { scale, min } = quantization;
    // A plain loop: `Float32Array.from` with a function takes ten times as long on millions of values.
    const values = new Float32Array(stored.length);
    for (let i = 0; i < stored.length; i++) values[i] = (stored[i] as number) * scale + min;
    return values;
  }
  // A copy, because a view into the file may not be aligned to 4 bytes.
  const copy = new Uint8Array(stored);
  if (dtype === "float16") return widen(new Uint16Array(copy.buffer));
  if (dtype === "float32") return new Float32Array(copy.buffer);
  if (dtype === "int32") return Float32Array.from(new Int32Array(copy.buffer));
  throw new Error(`the stored type ${dtype} is not known`);
}

/**
 * The floats of all 16-bit numbers: on millions of weights a look-up takes a twentieth of the time of the
 * arithmetic.
 */
const halves = once(() => Float32Array.from({ length: 0x1_00_00 }, (_, bits) => halfToFloat(bits)));

function widen(stored: Uint16Array): Float32Array {
  const table = halves();
  const values = new Float32Array(stored.length);
  for (let i = 0; i < stored.length; i++) values[i] = table[stored[i] as number] as number;
  return values;
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
