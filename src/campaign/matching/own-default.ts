import { stat } from "node:fs/promises";
import { once } from "../../core/index.ts";
import { euclideanDistance, type FaceEngine, type PhotoOutcome } from "../../faces/index.ts";
import { hashFile } from "../../io/files.ts";
import { hashPicture } from "../../io/image/index.ts";
import type { Campaign } from "../types.ts";
import type { DefaultReason } from "../types-choice.ts";
import { createOwnCheck, leastDistance } from "./own-picture.ts";

/**
 * Whether the campaign's default photo is a customer's own picture, or shows the customer: then no ad may show it to
 * them.
 *
 * @param portrait absolute path; null: none
 * @param found the described portrait, or why it may not be opened; null: not described yet
 */
export type OwnDefaultCheck = (
  portrait: string | null,
  found: PhotoOutcome<string> | DefaultReason | null,
) => Promise<boolean>;

/**
 * Creates the check. A portrait that may not be opened is compared by its file only, without reading it: the same file,
 * or one of the same size, counts as the default photo. One that is described is compared as a match is: by content, by
 * perceptual hash, and by the distance of the faces.
 */
export function createOwnDefaultCheck(
  { photos, policy }: Pick<Campaign, "photos" | "policy">,
  engine: Pick<FaceEngine, "describe">,
): OwnDefaultCheck {
  const path = photos.default;
  const file = once(() => stat(path));
  const content = once(async () => ({ hash: await hashFile(path), picture: await hashPicture(path) }));
  const described = once(() => engine.describe(path));

  async function sizeOf(portrait: string): Promise<"same file" | "same size" | "other"> {
    const own = await stat(portrait).catch(() => null);
    const { dev, ino, size } = await file();
    if (own === null || own.size !== size) return "other";
    return own.dev === dev && own.ino === ino ? "same file" : "same size";
  }

  return async (portrait, found) => {
    if (portrait === null) return false;
    const size = await sizeOf(portrait);
    if (size === "same file") return true;
    if (found === null || typeof found === "string" || found.status === "refused")
      return size === "same size";
    const { faces } = await described();
    // A copy has faces too: most portraits need not be hashed for a default photo without people.
    if ((faces.length === 0) !== (found.faces.length === 0) && size === "other") return false;
    const distances = found.faces.flatMap((own) =>
      faces.map((face) => euclideanDistance(own.embedding, face.embedding)),
    );
    const distance = distances.length === 0 ? null : Math.min(...distances);
    if (distance !== null && distance < leastDistance(policy)) return true;
    return createOwnCheck(portrait)({ photo: await content(), distance });
  };
}
