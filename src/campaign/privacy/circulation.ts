import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Gallery } from "../../gallery/index.ts";
import { readDecisions, runFiles } from "../../handover/index.ts";
import type { Vault } from "../../trust/index.ts";
import type { CampaignPhotos } from "../types.ts";
import { type DefaultPhotoBar, defaultPhotoBar } from "./default-photo.ts";
import { type Placement, releaseEnd } from "./release.ts";

/** A photo that may no longer be shown, and the creatives that show it. */
export interface Circulation extends EndedPhoto {
  readonly photo: string;
  /** Paths of the creatives to take down. */
  readonly creatives: readonly string[];
  /** Number of customers whose decisions use them. */
  readonly customers: number;
}

interface EndedPhoto extends DefaultPhotoBar {
  /** The photo with the release, if this photo is a copy without its own. */
  readonly copyOf?: string | undefined;
}

export interface CirculationOptions {
  readonly gallery: Gallery;
  /** Output folders of `generate`. */
  readonly outs: readonly string[];
  /** Where the ads appear, and the default photo if it is to be checked too. */
  readonly photos: Placement & Partial<Pick<CampaignPhotos, "default">>;
  readonly at: Date;
  readonly vault?: Vault | null | undefined;
}

/**
 * The photos of a gallery whose releases are no longer valid, and the default photo if it was erased or its release is
 * not valid, each with the creatives in circulation.
 */
export async function findCirculation(options: CirculationOptions): Promise<readonly Circulation[]> {
  const { outs, vault = null } = options;
  const ended = await findEnded(options);
  const shown = new Map([...ended.keys()].map((path) => [path, { files: new Set<string>(), customers: 0 }]));
  for (const out of outs) {
    if (!existsSync(runFiles(out).decisions)) continue;
    for await (const { photo, creatives } of readDecisions(runFiles(out).decisions, vault)) {
      const found = shown.get(photo?.path ?? "");
      if (found === undefined) continue;
      found.customers++;
      for (const { file } of creatives) found.files.add(join(out, file));
    }
  }
  return [...ended].map(([photo, bar]) => {
    const { files = new Set<string>(), customers = 0 } = shown.get(photo) ?? {};
    return { photo, ...bar, creatives: [...files].sort(), customers };
  });
}

async function findEnded({ gallery, photos, at }: CirculationOptions): Promise<Map<string, EndedPhoto>> {
  const ended = new Map<string, EndedPhoto>();
  for await (const { path, release, copyOf } of gallery.photos()) {
    const because = releaseEnd(release, photos, at);
    if (because !== null) ended.set(path, { releaseId: release?.id ?? "", because, copyOf });
  }
  if (photos.default === undefined) return ended;
  const bar = await defaultPhotoBar(gallery, { ...photos, default: photos.default }, at);
  if (bar !== null) ended.set(photos.default, bar);
  return ended;
}
