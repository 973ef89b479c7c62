import { LookalikeError } from "../../core/index.ts";

/** The adapter of heic-decode (libheif in WebAssembly): sharp's own build has no HEVC decoder. */

export interface HeicImage {
  readonly width: number;
  readonly height: number;
  /** Upright RGBA. */
  decode(): Promise<Uint8Array>;
  dispose(): void;
}

interface Decoder {
  all(input: { readonly buffer: Uint8Array }): Promise<Images>;
}

interface Images extends ReadonlyArray<Image> {
  dispose(): void;
}

interface Image {
  readonly width: number;
  readonly height: number;
  decode(): Promise<{ readonly data: Uint8ClampedArray }>;
}

const BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]);

/**
 * Whether bytes start like an HEIC picture: with a box `ftyp` that names one of its brands, and not AVIF's.
 */
export function isHeic(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString("latin1");
  if (text.slice(4, 8) !== "ftyp") return false;
  const length = Math.min(Buffer.from(text.slice(0, 4), "latin1").readUInt32BE(0), text.length);
  const brands = [text.slice(8, 12), ...(text.slice(16, length).match(/.{4}/gs) ?? [])];
  return brands.some((brand) => BRANDS.has(brand));
}

/** @throws ERR_DEPENDENCY_MISSING, and any error of the decoder for a damaged file */
export async function openHeic(bytes: Uint8Array): Promise<HeicImage> {
  const { all } = await loadDecoder();
  const images = await all({ buffer: bytes });
  const [first] = images;
  if (first === undefined) throw new Error("the file contains no image");
  return {
    width: first.width,
    height: first.height,
    decode: async () => {
      const { data } = await first.decode();
      return new Uint8Array(data.buffer, data.byteOffset, data.length);
    },
    dispose: () => images.dispose(),
  };
}

async function loadDecoder(): Promise<Decoder> {
  try {
    // @ts-expect-error It has no types of its own.
    const { default: one } = (await import("heic-decode")) as { default: Decoder };
    return one;
  } catch (cause) {
    throw new LookalikeError("ERR_DEPENDENCY_MISSING", "Expected the package heic-decode for HEIC photos", {
      hint: "Install heic-decode, or export the photos as JPEG.",
      cause,
    });
  }
}
