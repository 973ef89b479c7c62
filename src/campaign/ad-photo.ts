import type { AdPhoto } from "../ads/index.ts";
import type { Box, FaceEngine } from "../faces/index.ts";
import type { Gallery, Match } from "../gallery/index.ts";
import { hashFile } from "../io/files.ts";

/** A photo as an ad shows it: made here for a match, for the default photo and for a preview, so that they are one. */

/** A photo of the gallery with the face that it was chosen for. */
export function matchedPhoto({ photo, faceIndex }: Pick<Match, "photo" | "faceIndex">): AdPhoto {
  const { path, hash, width, height, faces, focus, release, synthetic, credit } = photo;
  return {
    path,
    hash,
    width,
    height,
    faces: faces.map(({ box, landmarks }) => ({ box, landmarks })),
    leadFace: faceIndex,
    focus: keepsFace(focus, faces[faceIndex]?.box, photo) ? focus : null,
    rights: { credit, releaseId: release?.id, synthetic },
  };
}

/**
 * The photo at a path, with its most prominent face as the leading one. Focus point and rights come from the gallery,
 * if it has the photo.
 *
 * @param focus `always`: the point may lead away from the faces, as for a default photo; `near face`: as for a match
 */
export async function describeAdPhoto(
  path: string,
  engine: FaceEngine,
  gallery: Pick<Gallery, "photo"> | null,
  focus: "always" | "near face",
): Promise<AdPhoto> {
  const { width, height, faces } = await engine.describe(path);
  const known = (await gallery?.photo(path)) ?? null;
  const point = known?.focus ?? null;
  const [lead] = faces;
  const isKept = focus === "always" || keepsFace(point, lead?.box, { width, height });
  return {
    path,
    hash: await hashFile(path),
    width,
    height,
    faces: faces.map(({ box, landmarks }) => ({ box, landmarks })),
    leadFace: lead === undefined ? null : 0,
    focus: isKept ? point : null,
    ...(known === null
      ? {}
      : { rights: { credit: known.credit, releaseId: known.release?.id, synthetic: known.synthetic } }),
  };
}

/** Landmarks of the eyes among the 68, by dlib's order. */
const EYES = [
  [36, 42],
  [42, 48],
] as const;

/** Degrees by which the leading head is rotated in the picture's plane, clockwise positive; 0 where there is none. */
export function rollOf({ faces, leadFace }: AdPhoto): number {
  const landmarks = leadFace === null ? undefined : faces[leadFace]?.landmarks;
  if (landmarks === undefined || landmarks.length < 68) return 0;
  const [left, right] = EYES.map(([from, to]) => {
    const points = landmarks.slice(from, to);
    const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    return [mean(0), mean(1)] as const;
  });
  if (left === undefined || right === undefined) return 0;
  return (180 / Math.PI) * Math.atan2(right[1] - left[1], right[0] - left[0]);
}

/** A head with hair reaches about so far beyond the box of its face, in sides of the box. */
const HEAD = 0.75;

/**
 * Whether a crop around the point shows the face: a match is shown for its face, so a point elsewhere does not count.
 */
function keepsFace(
  focus: readonly [x: number, y: number] | null,
  box: Box | undefined,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  if (focus === null || box === undefined) return true;
  const isNear = (at: number, start: number, size: number) =>
    at >= start - HEAD * size && at <= start + (1 + HEAD) * size;
  return isNear(focus[0] * width, box.x, box.width) && isNear(focus[1] * height, box.y, box.height);
}
