import type { Box } from "../faces/index.ts";
import type { GalleryPhoto, Match } from "../gallery/index.ts";

/**
 * The face that a photo's labels choose (`lead_x`, `lead_y`): no other face of the photo leads an ad.
 *
 * @returns index of the face whose middle is nearest to the labels' point; null: they have none, or there is no face
 */
export function chosenFace(
  faces: readonly { readonly box: Box }[],
  { lead, width, height }: Pick<GalleryPhoto, "lead" | "width" | "height">,
): number | null {
  if (lead === undefined || faces.length === 0) return null;
  const [x, y] = [lead[0] * width, lead[1] * height];
  const distances = faces.map(({ box }) => Math.hypot(x - box.x - box.width / 2, y - box.y - box.height / 2));
  return distances.indexOf(Math.min(...distances));
}

/** Whether a face of a photo may lead an ad. */
export function mayLead({ photo, faceIndex }: Pick<Match, "photo" | "faceIndex">): boolean {
  const chosen = chosenFace(photo.faces, photo);
  return chosen === null || chosen === faceIndex;
}
