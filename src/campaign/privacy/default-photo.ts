import { LookalikeError } from "../../core/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import type { CampaignPhotos } from "../types.ts";
import { type Placement, type ReleaseEnd, releaseEnd } from "./release.ts";

type DefaultPhoto = Placement & Pick<CampaignPhotos, "default">;

/** Why the campaign's default photo may not be shown. */
export interface DefaultPhotoBar {
  readonly because: ReleaseEnd | "erased";
  /** Empty: erased, or a release without an id. */
  readonly releaseId: string;
}

/**
 * Why the default photo may not be shown at a time, if the gallery has the file by its path or its content;
 * null: it may. The rights of the people in it apply as in any other photo.
 *
 * @throws ERR_PHOTO_NOT_FOUND
 */
export async function defaultPhotoBar(
  gallery: Gallery,
  photos: DefaultPhoto,
  at: Date,
): Promise<DefaultPhotoBar | null> {
  const { isErased, releases } = await gallery.standing(photos.default);
  if (isErased) return { because: "erased", releaseId: "" };
  for (const release of releases) {
    const because = releaseEnd(release, photos, at);
    if (because !== null) return { because, releaseId: release.id };
  }
  return null;
}

/** @throws ERR_CAMPAIGN_INVALID the default photo may not be shown, ERR_PHOTO_NOT_FOUND */
export async function requireDefaultPhoto(gallery: Gallery, photos: DefaultPhoto, at: Date): Promise<void> {
  const bar = await defaultPhotoBar(gallery, photos, at);
  if (bar === null) return;
  throw new LookalikeError(
    "ERR_CAMPAIGN_INVALID",
    `Expected a photo that may be shown for photos.default but received ${photos.default}, ${describe(bar, photos)}`,
    {
      hint: "Name another photo, or correct its row in photos.csv and index again; `lookalike releases` lists the ads that show it.",
    },
  );
}

/**
 * Requires a release for a default photo that shows people, under `policy.require_release`.
 * @throws ERR_CAMPAIGN_INVALID the gallery has no release for it, ERR_PHOTO_NOT_FOUND
 */
export async function requireDefaultRelease(gallery: Gallery, path: string): Promise<void> {
  const { releases } = await gallery.standing(path);
  if (releases.some(({ id }) => id !== "")) return;
  throw new LookalikeError(
    "ERR_CAMPAIGN_INVALID",
    `Expected a photo with a release for photos.default, because of policy.require_release, but ${path} has none`,
    { hint: "Index the photo with its row in photos.csv, or name a photo without people." },
  );
}

function describe({ because, releaseId }: DefaultPhotoBar, { territory, media }: Placement): string {
  const release = releaseId === "" ? "release" : `release ${releaseId}`;
  switch (because) {
    case "erased":
      return "which was erased";
    case "withdrawn":
      return `whose ${release} was withdrawn`;
    case "expired":
      return `whose ${release} has expired`;
    case "territory":
      return `whose ${release} does not apply in ${territory}`;
    case "media":
      return `whose ${release} does not apply to ${media}`;
  }
}
