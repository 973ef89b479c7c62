import { realpath } from "node:fs/promises";
import type { AdPhoto } from "../../ads/index.ts";
import type { Box, FaceEngine } from "../../faces/index.ts";
import type { Gallery, GalleryPhoto, Match } from "../../gallery/index.ts";
import { hashFile } from "../../io/files.ts";
import { chosenFace } from "../matching/lead-face.ts";
import { uprightPhoto } from "./upright.ts";

/**
 * The photos of ads for a match, for the default photo and for a preview, all created here so that they do
 * not differ.
 */

/** A photo of the gallery with the face that it was chosen for. */
export function matchedPhoto({ photo, faceIndex }: Pick<Match, "photo" | "faceIndex">): AdPhoto {
  const { faces, focus, release, synthetic, credit } = photo;
  const isKept = keepsFace(focus, faces[faceIndex]?.box, photo);
  return {
    ...uprightPhoto({ ...photo, focus: isKept ? focus : null }, faceIndex),
    rights: { credit, releaseId: release?.id, synthetic },
  };
}

/**
 * A photo of the gallery without a customer: its tallest face leads, if it has one and its labels name none.
 */
export function samplePhoto(
  photo: GalleryPhoto,
  { focus, lead }: Pick<GalleryPhoto, "focus" | "lead"> = photo,
): AdPhoto {
  const heights = photo.faces.map(({ box }) => box.height);
  const tallest = heights.indexOf(Math.max(...heights));
  const leading = chosenFace(photo.faces, { ...photo, lead }) ?? tallest;
  return uprightPhoto({ ...photo, focus }, leading < 0 ? null : leading);
}

/**
 * The photo at a path, with its most prominent face as the leading one, or the face that its labels name.
 * Focus point, leading face and rights come from the gallery, if it has the photo.
 *
 * @param focus `always`: the point may be away from the faces, as for a default photo; `near face`: as for a
 * match
 */
export async function describeAdPhoto(
  path: string,
  engine: FaceEngine,
  gallery: Pick<Gallery, "photo" | "spelling"> | null,
  focus: "always" | "near face",
): Promise<AdPhoto> {
  const hash = await hashFile(path);
  const known = gallery === null ? null : await findPhoto(gallery, path);
  // The same numbers as for a match: the gallery rounds them, and an ad would differ by a pixel.
  const { width, height, faces } = known?.hash === hash ? known : await engine.describe(path);
  const point = known?.focus ?? null;
  const leading = (known && chosenFace(faces, { width, height, lead: known.lead })) ?? 0;
  const isKept = focus === "always" || keepsFace(point, faces[leading]?.box, { width, height });
  const described = {
    path,
    hash,
    width,
    height,
    faces,
    focus: isKept ? point : null,
  };
  return {
    ...uprightPhoto(described, faces.length === 0 ? null : leading),
    ...(known === null
      ? {}
      : { rights: { credit: known.credit, releaseId: known.release?.id, synthetic: known.synthetic } }),
  };
}

/** The gallery's photo at a path, which may be spelled another way or be a link. */
async function findPhoto(
  gallery: Pick<Gallery, "photo" | "spelling">,
  path: string,
): Promise<GalleryPhoto | null> {
  const linked = await realpath(path).catch(() => path);
  return (await gallery.photo(await gallery.spelling(path))) ?? (await gallery.photo(linked));
}

/** A head with hair extends about this far beyond the box of its face, in sides of the box. */
const HEAD = 0.75;

/**
 * Whether a crop around the point shows the face. A match is shown because of its face, so a point elsewhere
 * is ignored.
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
