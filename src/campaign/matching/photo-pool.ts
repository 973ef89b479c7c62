import { createMemo } from "../../core/index.ts";
import { type Gallery, type GalleryPhoto, uprightTurn } from "../../gallery/index.ts";
import { type Placement, releaseEnd } from "../privacy/release.ts";
import type { CampaignPolicy } from "../types.ts";
import { mayLead } from "./lead-face.ts";
import type { LookalikeSearch } from "./portrait.ts";

/** A photo that may be drawn; only its path is kept, so that a large inventory fits in memory. */
interface PoolPhoto {
  readonly path: string;
  /** The largest face of sufficient quality. */
  readonly faceIndex: number;
  /** Apparent gender; null: not estimated. */
  readonly female: boolean | null;
}

export interface PhotoPool {
  /**
   * The photos with all of the tags that may be shown, by path.
   *
   * @param female only this apparent gender; null: any
   */
  find(
    search: Pick<LookalikeSearch, "tags" | "at" | "excludePhotos">,
    female: boolean | null,
  ): Promise<readonly PoolPhoto[]>;
  /** The current state of a photo; null if it is gone or its release is no longer valid. */
  open(photo: PoolPhoto, at: Date | null): Promise<GalleryPhoto | null>;
}

export interface PoolRules {
  readonly placement: Placement;
  readonly floor: CampaignPolicy["inventory"];
  /** Only photos with a release of their own. */
  readonly requireRelease: boolean;
}

/** Reads the inventory once per set of tags, when a photo is first drawn. */
export function createPhotoPool(
  gallery: Gallery,
  { placement, floor, requireRelease }: PoolRules,
): PhotoPool {
  const pools = createMemo<readonly PoolPhoto[]>();
  const mayShow = ({ release, copyOf }: GalleryPhoto, at: Date) => {
    const isReleased = release !== null && release.id !== "" && copyOf === undefined;
    return releaseEnd(release, placement, at) === null && (isReleased || !requireRelease);
  };
  const read = async (tags: readonly string[], at: Date) => {
    const found: PoolPhoto[] = [];
    for await (const photo of gallery.photos()) {
      if (!tags.every((tag) => photo.tags.includes(tag)) || !mayShow(photo, at)) continue;
      const faceIndex = leadFace(photo, floor);
      const lead = photo.faces[faceIndex];
      if (lead === undefined) continue;
      const { attributes } = lead;
      found.push({
        path: photo.path,
        faceIndex,
        female: attributes == null ? null : attributes.female >= 0.5,
      });
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  };
  return {
    async find({ tags = [], at = new Date(0), excludePhotos }, female) {
      const key = [...tags].sort().join("\n");
      const pool = await pools(key, () => read(tags, at));
      const all = pool.filter(({ path }) => excludePhotos?.has(path) !== true);
      return female === null ? all : all.filter((photo) => photo.female === female);
    },
    async open({ path }, at) {
      const photo = await gallery.photo(path);
      return photo !== null && mayShow(photo, at ?? new Date(0)) ? photo : null;
    },
  };
}

function leadFace(photo: GalleryPhoto, floor: CampaignPolicy["inventory"]): number {
  const { faces } = photo;
  let best = -1;
  let most = 0;
  const rolls = faces.map(({ quality }) => quality.rollDegrees);
  for (const [index, { box, quality }] of faces.entries()) {
    const area = box.width * box.height;
    // Faces of galleries older than a measure pass, as they do in a match.
    const { interocularPx, score, eyeLight = floor.minEyeLight } = quality;
    const isUnclear =
      interocularPx < floor.minInterocularPx || score < floor.minQuality || eyeLight < floor.minEyeLight;
    if (isUnclear || !mayLead({ photo, faceIndex: index })) continue;
    if (area > most && uprightTurn(rolls, index) !== null) [best, most] = [index, area];
  }
  return best;
}
