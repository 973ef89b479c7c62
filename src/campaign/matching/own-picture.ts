import { isLookalikeError, LookalikeError, once } from "../../core/index.ts";
import type { GalleryPhoto } from "../../gallery/index.ts";
import { hashFile } from "../../io/files.ts";
import { hashPicture, isCopy } from "../../io/image/index.ts";
import type { CampaignPolicy } from "../types.ts";

/** A customer's own picture never appears in an ad. */

/**
 * Photos nearer than this show the customer's own picture, also after changes: of 16 changes of 52 pictures
 * (saved, scaled, lit, mirrored, cut, turned) all stay nearer or keep the picture's hash. docs/faces.md,
 * "Copies of a picture".
 */
const OWN_PICTURE_DISTANCE = 0.16;
/** No change that leaves a face recognisable moves it farther. */
const OWN_PICTURE_REACH = 0.5;

/**
 * Photos nearer than this are not shown: the policy's bound, and at least that of the customer's own picture.
 */
export function leastDistance({ similarity }: CampaignPolicy): number {
  return Math.max(similarity.minDistance, OWN_PICTURE_DISTANCE);
}

/** The result of `work`, or of `otherwise` if a portrait was removed or changed after it was described. */
export async function unlessChanged<T>(
  work: () => Promise<T>,
  otherwise: (error: LookalikeError) => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isLookalikeError(error) || error.code !== "ERR_PHOTO_CHANGED") throw error;
    return otherwise(error);
  }
}

/** Whether a photo of the inventory is a copy of the customer's portrait; a distance of null is not known. */
export type OwnCheck = (candidate: {
  readonly photo: Pick<GalleryPhoto, "hash" | "picture">;
  readonly distance: number | null;
}) => Promise<boolean>;

/**
 * The portrait is hashed when the first possible copy is checked.
 *
 * @throws (the check) ERR_PHOTO_CHANGED the portrait cannot be read any more
 */
export function createOwnCheck(portrait: string): OwnCheck {
  const own = once(async () => {
    try {
      return { file: await hashFile(portrait), picture: await hashPicture(portrait) };
    } catch (cause) {
      throw new LookalikeError("ERR_PHOTO_CHANGED", `${portrait} was removed or changed after it was read`, {
        cause,
      });
    }
  });
  return async ({ photo, distance }) => {
    if (distance !== null && distance > OWN_PICTURE_REACH) return false;
    const { file, picture } = await own();
    if (photo.hash === file) return true;
    return picture !== null && photo.picture != null && isCopy(picture, photo.picture);
  };
}
