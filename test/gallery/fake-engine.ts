import { LookalikeError } from "../../src/core/index.ts";
import type {
  EmbedderInfo,
  Face,
  FaceAttributes,
  FaceEngine,
  FaceQuality,
  PhotoFaces,
  PhotoOutcome,
  PhotoSource,
} from "../../src/faces/index.ts";
import { decodePhoto, type RgbImage } from "../../src/io/image/index.ts";

export interface FakeEngine extends FaceEngine {
  /** Every photo that was decoded, in order. */
  readonly decoded: string[];
}

/**
 * An engine without networks: it decodes photos like the real one and embeds their brightness pattern, so that
 * equal pictures are at distance 0 and like ones are near. A plain picture has no face; a wide one has two.
 */
export function createFakeEngine(
  options: {
    readonly embedder?: Partial<EmbedderInfo>;
    readonly name?: string;
    /** What every face looks like, by photo; default: no attributes. */
    readonly attributes?: (photo: string) => FaceAttributes;
    readonly attributesId?: string;
    /** What every face is compared by, by photo; default: no features. */
    readonly features?: (photo: string) => Float32Array;
    readonly featuresId?: string;
    /** How well every face is seen, by photo and position. */
    readonly quality?: (photo: string, position: number) => Partial<FaceQuality>;
    readonly onDecode?: (photo: string) => void | Promise<void>;
  } = {},
): FakeEngine {
  const embedder = { id: "brightness/1", dimensions: 128, ...options.embedder };
  const decoded: string[] = [];
  const describe = async (photo: PhotoSource): Promise<PhotoFaces> => {
    decoded.push(String(photo));
    const { width, height, image } = await decodePhoto(photo, { maxSide: 64 });
    await options.onDecode?.(String(photo));
    const people = width > 1.5 * height ? 2 : 1;
    const count = isPlain(image) ? 0 : people;
    return {
      width,
      height,
      faces: Array.from({ length: count }, (_, i) => ({
        ...fakeFace(image, i, count, embedder),
        attributes: options.attributes?.(String(photo)) ?? null,
        ...(options.features && { features: options.features(String(photo)) }),
        ...(options.quality && { quality: options.quality(String(photo), i) as FaceQuality }),
      })),
    };
  };
  return {
    name: options.name ?? "fake",
    embedder,
    attributesId: options.attributes === undefined ? null : (options.attributesId ?? "fake/1"),
    featuresId: options.features === undefined ? null : (options.featuresId ?? "features-2+traits+look-fake"),
    decoded,
    describe,
    async *describeAll<T extends PhotoSource>(
      photos: Iterable<T> | AsyncIterable<T>,
      { signal } = {} as never,
    ) {
      for await (const photo of photos) {
        if ((signal as AbortSignal | undefined)?.aborted) throw new LookalikeError("ERR_ABORTED", "aborted");
        yield await describe(photo).then(
          (faces): PhotoOutcome<T> => ({ status: "described", photo, ...faces }),
          (error): PhotoOutcome<T> => ({ status: "refused", photo, error }),
        );
      }
    },
    async close() {},
  };
}

function isPlain({ data }: RgbImage): boolean {
  return data.every((value) => Math.abs(value - (data[0] ?? 0)) < 8);
}

function fakeFace(image: RgbImage, position: number, count: number, { dimensions }: EmbedderInfo): Face {
  const part = image.width / count;
  const box = { x: position * part, y: 0, width: part, height: image.height };
  const embedding = Float32Array.from({ length: dimensions }, (_, i) => {
    const x = Math.floor(box.x + ((i % 8) + 0.5) * (part / 8));
    const y = Math.floor((Math.floor(i / 8) + 0.5) * (image.height / Math.ceil(dimensions / 8)));
    return (image.data[(y * image.width + x) * 3] ?? 0) / 255 / 4;
  });
  const landmarks = Array.from({ length: 68 }, (_, i) => [box.x + i * 0.25, i * 0.5] as const);
  return {
    box,
    score: 0.9,
    landmarks,
    embedding,
    attributes: null,
    quality: { interocularPx: 20, rollDegrees: 0 } as Face["quality"],
  };
}
