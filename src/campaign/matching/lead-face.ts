import type { Box } from "../../faces/index.ts";
import type { GalleryPhoto, Match } from "../../gallery/index.ts";

/**
 * The face that a photo's labels choose (`lead_x`, `lead_y`): no other face of the photo leads an ad.
 *
 * @returns index of the face whose middle is nearest to the labels' point; null: no labels, or no face
 */
export function chosenFace(
  faces: readonly { readonly box: Box }[],
  { lead, width, height }: Pick<GalleryPhoto, "lead" | "width" | "height">,
): number | null {
  if (lead === undefined || faces.length === 0) return null;
  const distances = faces.map((face) => {
    const [x, y] = faceMiddle(face, { width, height });
    return Math.hypot((lead[0] - x) * width, (lead[1] - y) * height);
  });
  return distances.indexOf(Math.min(...distances));
}

/** Middle of a face's box, as fractions of the photo's width and height. A point there chooses the face. */
export function faceMiddle(
  { box }: { readonly box: Box },
  { width, height }: Pick<GalleryPhoto, "width" | "height">,
): readonly [x: number, y: number] {
  return [(box.x + box.width / 2) / width, (box.y + box.height / 2) / height];
}

/** Whether a face of a photo may lead an ad. */
export function mayLead({ photo, faceIndex }: Pick<Match, "photo" | "faceIndex">): boolean {
  const chosen = chosenFace(photo.faces, photo);
  return chosen === null || chosen === faceIndex;
}
