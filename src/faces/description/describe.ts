import { type DecodedPhoto, decodePhoto, type RgbImage } from "../../io/image/index.ts";
import { estimateAttributes } from "../attributes/estimate.ts";
import type { Embedder } from "../embedders/embedder.ts";
import { chipScale } from "../landmarks/align.ts";
import { amplify, lightGain } from "../pictures/lighten.ts";
import { assembleFeatures } from "../resemblance/features.ts";
import { describeLooks } from "../resemblance/look.ts";
import type { Box, Face, FaceNetworks, PhotoFaces, PhotoSource, Point } from "../types.ts";
import { type Candidate, createAppraiser } from "./appraise.ts";
import { CONVINCING, findFaces } from "./find.ts";
import { prominence } from "./prominence.ts";
import { measureQuality } from "./quality.ts";

/** Photos are decoded to at most this many px on the longest side: enough for the chips of all but tiny faces. */
const DECODE_SIDE = 1600;
/** The same for photos with tiny faces. */
const FINE_SIDE = 4800;

export interface DescribeSettings {
  /** Detections below this score are dropped, in (0, 1). */
  readonly minScore: number;
  /** Photos of more pixels are rejected. */
  readonly maxPixels: number;
  /** Also estimate the attributes of faces. */
  readonly attributes: boolean;
}

/**
 * Describes one photo, from file to faces, the most prominent first.
 *
 * @param decoded the result of `decodeToDescribe`, if it was started before
 */
export type DescribePhoto = (
  source: PhotoSource,
  settings: DescribeSettings,
  decoded?: Promise<DecodedPhoto>,
) => Promise<PhotoFaces>;

/** The first step of describing a photo. */
export function decodeToDescribe(
  source: PhotoSource,
  { maxPixels }: DescribeSettings,
): Promise<DecodedPhoto> {
  return decodePhoto(source, { maxSide: DECODE_SIDE, maxPixels });
}

/**
 * The pipeline on given networks: decode, detect, landmarks, align, embed, attributes.
 *
 * @param own the user's recognition network. Its embeddings replace the standard ones at the end. The
 * standard ones are still used for clarity and turn, at a small cost beside any larger network.
 */
export function createDescriber(networks: FaceNetworks, own: Embedder | null = null): DescribePhoto {
  const appraise = createAppraiser(networks);

  async function candidatesIn(photo: RgbImage, minScore: number): Promise<Candidate[]> {
    const candidates = await appraise(photo, await findFaces(photo, networks, { minScore }));
    const turn = commonTurn(candidates);
    if (turn === candidates[0]?.sighting.pictureTurn) return candidates;
    // The photo is the wrong way up: detect again the right way up, where boxes are better and fewer faces
    // are missed.
    const again = await appraise(photo, await findFaces(photo, networks, { minScore, turn }));
    return again.length >= candidates.length ? again : candidates;
  }

  /**
   * The faces and the light that they were seen in. A dark photo without a convincing face is lightened and
   * searched again.
   */
  async function findInLight(image: RgbImage, minScore: number): Promise<Seen> {
    const asIs = { image, gain: 1, candidates: await candidatesIn(image, minScore) };
    if (bestScore(asIs.candidates) >= CONVINCING) return asIs;
    const gain = lightGain(image);
    if (gain === 1) return asIs;
    const lit = amplify(image, gain);
    const candidates = await candidatesIn(lit, minScore);
    return bestScore(candidates) > bestScore(asIs.candidates) ? { image: lit, gain, candidates } : asIs;
  }

  async function toFaces(
    photo: DecodedPhoto,
    candidates: readonly Candidate[],
    { attributed, gain }: { readonly attributed: boolean; readonly gain: number },
  ): Promise<Face[]> {
    const landmarks = candidates.map((candidate) => candidate.landmarks);
    const embeddings = (await own?.embed(photo.image, landmarks)) ?? [];
    const appearances = attributed ? await estimateAttributes(photo.image, landmarks, networks) : [];
    const looks = networks.look === null ? [] : await describeLooks(photo.image, landmarks, networks.look);
    return candidates.map((candidate, i) => {
      const { attributes = null, traits = null } = appearances[i] ?? {};
      const { embedding } = candidate;
      return {
        ...toFace(photo, candidate, gain),
        attributes,
        embedding: embeddings[i] ?? embedding,
        features: assembleFeatures({
          embedding,
          landmarks: candidate.landmarks,
          attributes,
          traits,
          look: looks[i] ?? null,
        }),
      };
    });
  }

  /** Describes small faces of a large photo again from a finer decoding. */
  async function describeCloser(
    source: PhotoSource,
    photo: DecodedPhoto,
    { small, gain }: { readonly small: readonly Candidate[]; readonly gain: number },
    maxPixels: number,
  ) {
    const decoded = await decodePhoto(source, { maxSide: FINE_SIDE, maxPixels });
    const finer = gain === 1 ? decoded : { ...decoded, image: amplify(decoded.image, gain) };
    const zoomX = photo.scaleX / finer.scaleX;
    const zoomY = photo.scaleY / finer.scaleY;
    const seen = small.map(({ sighting }) => ({ ...sighting, box: zoomBox(sighting.box, zoomX, zoomY) }));
    return { photo: finer, candidates: await appraise(finer.image, seen) };
  }

  return async (source, settings, decoded = decodeToDescribe(source, settings)) => {
    const { minScore, maxPixels, attributes } = settings;
    const original = await decoded;
    const { image, gain, candidates } = await findInLight(original.image, minScore);
    const photo = { ...original, image };
    const as = { attributed: attributes, gain };
    const small = candidates.filter((candidate) => losesDetail(candidate, photo));
    const faces = await toFaces(
      photo,
      candidates.filter((candidate) => !small.includes(candidate)),
      as,
    );
    if (small.length > 0) {
      const closer = await describeCloser(source, photo, { small, gain }, maxPixels);
      faces.push(...(await toFaces(closer.photo, closer.candidates, as)));
    }
    faces.sort((a, b) => prominence(b.box, photo) - prominence(a.box, photo));
    return { width: photo.width, height: photo.height, faces };
  };
}

/**
 * What was found in a photo, and the picture that it was found in: the photo with its values multiplied by
 * `gain`.
 */
interface Seen {
  readonly image: RgbImage;
  readonly gain: number;
  readonly candidates: readonly Candidate[];
}

function bestScore(candidates: readonly Candidate[]): number {
  return Math.max(0, ...candidates.map(({ sighting }) => sighting.score));
}

/** Whether the photo was scaled down so much that the face's chip is an enlargement. */
function losesDetail({ landmarks }: Candidate, photo: DecodedPhoto): boolean {
  return photo.scaleX > 1 && chipScale(landmarks) < 1;
}

function zoomBox({ x, y, width, height }: Box, zoomX: number, zoomY: number): Box {
  return { x: x * zoomX, y: y * zoomY, width: width * zoomX, height: height * zoomY };
}

/** The turn of most faces, weighted by the detector's score. */
function commonTurn(candidates: readonly Candidate[]): number | undefined {
  const votes = [0, 0, 0, 0];
  for (const { sighting } of candidates) votes[sighting.turn] = (votes[sighting.turn] ?? 0) + sighting.score;
  return candidates.length > 0 ? votes.indexOf(Math.max(...votes)) : undefined;
}

function toFace(
  photo: DecodedPhoto,
  { sighting, landmarks, facelessness, agreement, chip }: Candidate,
  gain: number,
): Omit<Face, "embedding" | "attributes"> {
  const { scaleX, scaleY } = photo;
  const box = zoomBox(sighting.box, scaleX, scaleY);
  const points = landmarks.map(([px, py]): Point => [px * scaleX, py * scaleY]);
  const quality = measureQuality({
    landmarks: points,
    chip,
    facelessness,
    agreement,
    detection: sighting.score,
  });
  // Light is measured on the photo, not on the lightened copy.
  const { brightness, contrast, sharpness } = quality;
  const light = {
    brightness: brightness / gain,
    contrast: contrast / gain,
    sharpness: sharpness / gain,
  };
  return { box, score: sighting.score, landmarks: points, quality: { ...quality, ...light } };
}
