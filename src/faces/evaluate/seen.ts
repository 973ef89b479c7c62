import { join } from "node:path";
import type { DescribeOptions, Face, FaceEngine, PhotoFaces } from "../types.ts";
import type { RefusedPhoto } from "./types.ts";

/** Which face of a photo represents its person. */
export type FaceChoice = "prominent" | "largest" | "central";

/** The face of a photo, as far as an evaluation needs it. It is kept in memory only. */
interface SeenFace {
  readonly embedding: Float32Array | null;
  readonly quality: number | null;
}

export interface SeenPhotos {
  /** By path, for the photos that could be read. */
  readonly faces: ReadonlyMap<string, SeenFace>;
  /** Photos that were read but show no face. */
  readonly undetected: readonly string[];
  readonly refused: readonly RefusedPhoto[];
}

export interface LookOptions extends DescribeOptions {
  readonly choice: FaceChoice;
  readonly jobs?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Describes every photo once, and keeps one face of each. */
export async function lookAt(
  root: string,
  photos: readonly string[],
  engine: FaceEngine,
  { choice, jobs, signal, onProgress }: LookOptions,
): Promise<SeenPhotos> {
  const faces = new Map<string, SeenFace>();
  const undetected: string[] = [];
  const refused: RefusedPhoto[] = [];
  const paths = photos.map((photo) => join(root, photo));
  for await (const outcome of engine.describeAll(paths, { signal, jobs })) {
    const photo = photos[faces.size + refused.length] as string;
    if (outcome.status === "refused") refused.push({ photo, error: outcome.error });
    else {
      const face = pickFace(outcome, choice);
      if (!face) undetected.push(photo);
      faces.set(photo, { embedding: face?.embedding ?? null, quality: face?.quality.score ?? null });
    }
    onProgress?.(faces.size + refused.length, photos.length);
  }
  return { faces, undetected, refused };
}

/** The engine's first face, the largest, or the one closest to the photo's centre. */
function pickFace({ faces, width, height }: PhotoFaces, choice: FaceChoice): Face | undefined {
  const smallness = ({ box }: Face) => -box.width * box.height;
  const offCentre = ({ box }: Face) =>
    Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  switch (choice) {
    case "prominent":
      return faces[0];
    case "largest":
      return faces.toSorted((a, b) => smallness(a) - smallness(b))[0];
    case "central":
      return faces.toSorted((a, b) => offCentre(a) - offCentre(b))[0];
  }
}
