import { basename } from "node:path";
import { type Exclusion, faceMiddle } from "../../campaign/index.ts";
import { DRAFT, type ReviewEvent, type ReviewStanding, type Reviews } from "../../handover/index.ts";
import { standingView } from "./act.ts";
import { type Catalog, type CatalogAd, type CatalogPhoto, readNote } from "./catalog.ts";
import type { AdRow, AdView, PhotoView } from "./schemas.ts";

/** The data of the pages: the catalog with the current states. */

export interface ViewParts {
  readonly catalog: Catalog;
  readonly reviews: Reviews;
  readonly exclusions: readonly Exclusion[];
  readonly out: string;
}

type Standings = ReadonlyMap<string, ReviewStanding>;

/** In order of risk, highest first. */
export function adRows({ catalog, reviews }: ViewParts): AdRow[] {
  const [ads, photos] = [reviews.standings("ad"), reviews.standings("photo")];
  return [...catalog.ads.values()]
    .map((ad) => rowOf(ad, ads.get(ad.hash) ?? DRAFT, isNewFace(ad, catalog, photos)))
    .sort((a, b) => b.risk - a.risk || (a.hash < b.hash ? -1 : 1));
}

function rowOf(ad: CatalogAd, standing: ReviewStanding, isNew: boolean): AdRow {
  const { hash, offer, copy, photo, basis, reach, warnings } = ad;
  const risk = 3 * Math.min(warnings.length, 5) + (isNew ? 2 : 0) + Math.log10(1 + reach);
  return {
    hash,
    offer,
    headline: copy.headline,
    photo: basename(photo),
    basis,
    reach,
    warnings: warnings.length,
    new_face: isNew,
    risk: Math.round(risk * 100) / 100,
    thumb: `/review/thumbs/ad/${hash}`,
    standing: standingView(standing),
  };
}

function isNewFace({ photo }: CatalogAd, { hashOf }: Catalog, standingOf: Standings): boolean {
  const hash = hashOf.get(photo);
  return hash !== undefined && standingOf.get(hash)?.state !== "approved";
}

export async function adView(parts: ViewParts, ad: CatalogAd): Promise<AdView> {
  const { catalog, reviews, out } = parts;
  const standings = reviews.standings("photo");
  const isNew = isNewFace(ad, catalog, standings);
  const photo = catalog.photos.get(catalog.hashOf.get(ad.photo) ?? "");
  const creatives = await Promise.all(
    ad.creatives.map(async ({ channel, file, width, height, bytes }) => {
      const alt = (await readNote(out, file))?.alt ?? ad.copy.headline;
      return { channel, url: `/review/creatives/${ad.hash}/${channel}`, width, height, bytes, alt };
    }),
  );
  return {
    ...rowOf(ad, reviews.standing("ad", ad.hash), isNew),
    copy: ad.copy,
    creatives,
    notes: [...ad.warnings],
    reasons: { ...ad.reasons },
    distances: [...ad.distances],
    photo_view: photo === undefined ? null : photoView(parts, photo, standings),
    history: reviews.history("ad", ad.hash).map(plainEvent),
  };
}

function plainEvent({ action, state, text, assignee, actor, at }: ReviewEvent) {
  return { action, state, text, assignee, actor, at: at.toISOString() };
}

export function photoViews(parts: ViewParts): PhotoView[] {
  const standings = parts.reviews.standings("photo");
  return [...parts.catalog.photos.values()].map((photo) => photoView(parts, photo, standings));
}

function photoView(
  { catalog, exclusions }: ViewParts,
  { hash, photo, paths }: CatalogPhoto,
  standings: Standings,
): PhotoView {
  const { width, height, faces, tags, release, focus, synthetic } = photo;
  const excluded = exclusions.filter((exclusion) => paths.includes(exclusion.photo));
  return {
    hash,
    name: basename(photo.path),
    paths: [...paths],
    width,
    height,
    faces: faces.map(({ box, landmarks, quality }) => ({
      box,
      middle: rounded(faceMiddle({ box }, photo)),
      landmarks: landmarks.map(([x, y]): [number, number] => [x, y]),
      // Faces in galleries of earlier versions have no score.
      quality: Number.isFinite(quality.score) ? quality.score : null,
    })),
    tags: [...tags],
    release: release && {
      id: release.id,
      expires: release.expires?.toISOString() ?? null,
      withdrawn: release.withdrawn?.toISOString() ?? null,
    },
    focus: focus === null ? null : [focus[0], focus[1]],
    synthetic,
    excluded: excluded.map(({ offer }) => offer ?? "*"),
    reach: paths.reduce((sum, path) => sum + (catalog.reachOf.get(path) ?? 0), 0),
    thumb: `/review/thumbs/photo/${hash}`,
    image: `/review/photos/${hash}`,
    standing: standingView(standings.get(hash) ?? DRAFT),
  };
}

/** To three decimals, as in the labels file. */
function rounded([x, y]: readonly [number, number]): [number, number] {
  return [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000];
}
