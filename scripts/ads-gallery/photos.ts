import type { AdPhoto } from "../../src/ads/index.ts";
import { createFaceEngine } from "../../src/faces/index.ts";
import { hasLondon, londonNames, londonPhoto, sampleNames, samplePhoto } from "../../test/ads/samples.ts";
import { describePhoto, photoPaths } from "../check-ads/photos.ts";

/** Photos to look at, by their kind. */

export const PHOTO_KINDS = ["mixed", "portraits", "groups", "small"] as const;
export type PhotoKind = (typeof PHOTO_KINDS)[number];

/** Small photos that are described. */
const SMALL = 12;
/** Photos among which they are chosen, evenly. */
const AMONG = 44;

export async function photosOf(kind: PhotoKind): Promise<readonly AdPhoto[]> {
  switch (kind) {
    case "portraits":
      return hasLondon ? Promise.all(londonNames.map(londonPhoto)) : [];
    case "groups":
      return Promise.all([0, 1, 2].flatMap((lead) => sampleNames.map((name) => samplePhoto(name, lead))));
    case "small":
      return smallPhotos();
    case "mixed": {
      const [portraits, groups] = await Promise.all([photosOf("portraits"), photosOf("groups")]);
      return groups.flatMap((group, turn) =>
        [2 * turn, 2 * turn + 1].flatMap((at) => portraits[at % portraits.length] ?? []).concat(group),
      );
    }
  }
}

/** Faces of 250 x 250 px, some with people behind them. */
async function smallPhotos(): Promise<AdPhoto[]> {
  const engine = await createFaceEngine();
  try {
    const paths = photoPaths(AMONG).filter((path) => path.includes("/lfw/"));
    const photos: AdPhoto[] = [];
    for (const path of paths.slice(0, SMALL)) photos.push(await describePhoto(path, engine, 0));
    return photos;
  } finally {
    await engine.close();
  }
}
