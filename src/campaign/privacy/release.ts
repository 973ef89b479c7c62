import type { PhotoRelease } from "../../gallery/index.ts";
import type { CampaignPhotos } from "../types.ts";

/** Why a photo's release does not allow it to be shown. */
export type ReleaseEnd = "expired" | "withdrawn" | "territory" | "media";

/** Where ads appear. */
export type Placement = Pick<CampaignPhotos, "territory" | "media">;

/** Why a release is not valid at a time, in a territory, in a medium; null: it is valid. */
export function releaseEnd(
  release: PhotoRelease | null,
  { territory, media }: Placement,
  at: Date,
): ReleaseEnd | null {
  if (release === null) return null;
  if (release.withdrawn != null) return "withdrawn";
  if (release.expires !== null && release.expires.getTime() < at.getTime()) return "expired";
  const codes = release.territories;
  if (territory !== null && codes.length > 0) {
    const [country = territory] = territory.split("-");
    if (!codes.includes(territory) && !codes.includes(country)) return "territory";
  }
  const allowed = release.media ?? [];
  return media !== null && allowed.length > 0 && !allowed.includes(media.toLowerCase()) ? "media" : null;
}
