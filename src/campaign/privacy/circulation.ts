import { existsSync } from "node:fs";
import { join } from "node:path";
import { readDecisions } from "../../ads/index.ts";
import type { Gallery, PhotoRelease } from "../../gallery/index.ts";
import type { Vault } from "../../vault.ts";
import { DECISIONS_FILE } from "../journal.ts";
import type { CampaignPhotos } from "../types.ts";

/** Why a photo may no longer be shown. */
export type ReleaseEnd = "expired" | "withdrawn" | "territory" | "media";

/** A photo whose release does not hold, and what still shows it. */
export interface Circulation {
  readonly photo: string;
  readonly releaseId: string;
  readonly because: ReleaseEnd;
  /** Creatives to be taken down, as paths. */
  readonly creatives: readonly string[];
  /** Customers whose decisions name them. */
  readonly customers: number;
}

/** Why a release does not hold at a moment, in a territory, in a medium; null: it does. */
export function releaseEnd(
  release: PhotoRelease | null,
  { territory, media }: Pick<CampaignPhotos, "territory" | "media">,
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

/**
 * The photos of a gallery whose releases no longer hold, each with the creatives in circulation.
 *
 * @param outs output folders of `generate`
 */
export async function findCirculation(options: {
  readonly gallery: Gallery;
  readonly outs: readonly string[];
  readonly photos: Pick<CampaignPhotos, "territory" | "media">;
  readonly at: Date;
  readonly vault?: Vault | null | undefined;
}): Promise<readonly Circulation[]> {
  const { gallery, outs, photos, at, vault = null } = options;
  const ended = new Map<
    string,
    { releaseId: string; because: ReleaseEnd; files: Set<string>; customers: number }
  >();
  for await (const { path, release } of gallery.photos()) {
    const because = releaseEnd(release, photos, at);
    if (because !== null)
      ended.set(path, { releaseId: release?.id ?? "", because, files: new Set(), customers: 0 });
  }
  for (const out of outs) {
    if (!existsSync(join(out, DECISIONS_FILE))) continue;
    for await (const { photo, creatives } of readDecisions(join(out, DECISIONS_FILE), vault)) {
      const found = ended.get(photo?.path ?? "");
      if (found === undefined) continue;
      found.customers++;
      for (const { file } of creatives) found.files.add(join(out, file));
    }
  }
  return [...ended].map(([photo, { releaseId, because, files, customers }]) => ({
    photo,
    releaseId,
    because,
    creatives: [...files].sort(),
    customers,
  }));
}
