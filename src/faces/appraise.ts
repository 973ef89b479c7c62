import type { RgbImage } from "../image.ts";
import { alignChip, CHIP_SIZE, mirror, templateError } from "./align.ts";
import { averageDescriptors } from "./descriptor.ts";
import type { Sighting } from "./find.ts";
import { locateLandmarks } from "./locate.ts";
import { allocateBatch, batchItem, type PixelBatch } from "./pixels.ts";
import type { FaceNetworks, Point } from "./types.ts";

/** A sighting with what the networks make of it. */
export interface Candidate {
  readonly sighting: Sighting;
  readonly landmarks: readonly Point[];
  readonly embedding: Float32Array;
  /**
   * How little of a face the networks saw, about 0.8 (a clear face) to 1.1 (none): the cosine between the embedding
   * and that of pictures without a face, plus `TEMPLATE_WEIGHT` times the misfit of the landmarks. What is no
   * upright face all falls onto one place of the embedding space.
   */
  readonly facelessness: number;
  /** The aligned chip. */
  readonly chip: RgbImage;
}

const TEMPLATE_WEIGHT = 0.3;
/** From here on a sighting may be a face the wrong way up; a face the right way up rarely is. */
const DOUBTFUL = 0.92;
/** Another turn must look this much more like a face. */
const MARGIN = 0.03;

/** Appraises sightings, mending their turn where they look like faces the wrong way up. */
export function createAppraiser(
  networks: FaceNetworks,
): (photo: RgbImage, seen: readonly Sighting[]) => Promise<Candidate[]> {
  let blank: Promise<Float32Array> | undefined;

  async function appraise(photo: RgbImage, seen: readonly Sighting[]): Promise<Candidate[]> {
    if (seen.length === 0) return [];
    blank ??= embedBlank(networks);
    const landmarks = await locateLandmarks(photo, seen, networks);
    const chips = cutChips(photo, landmarks);
    const descriptors = await networks.embed(chips);
    const nothing = await blank;
    return seen.map((sighting, i) => {
      const points = landmarks[i] ?? [];
      const embedding = averageDescriptors(descriptors.slice(i * VIEWS, (i + 1) * VIEWS));
      const facelessness = cosine(embedding, nothing) + TEMPLATE_WEIGHT * templateError(points);
      return { sighting, landmarks: points, embedding, facelessness, chip: batchItem(chips, i * VIEWS) };
    });
  }

  async function mend(photo: RgbImage, candidate: Candidate): Promise<Candidate> {
    if (candidate.facelessness < DOUBTFUL) return candidate;
    const turns = [1, 2, 3].map((turn) => ({
      ...candidate.sighting,
      turn: (candidate.sighting.turn + turn) % 4,
    }));
    const others = await appraise(photo, turns);
    const best = others.reduce((a, b) => (b.facelessness < a.facelessness ? b : a));
    return best.facelessness < candidate.facelessness - MARGIN ? best : candidate;
  }

  return async (photo, seen) => {
    const candidates = await appraise(photo, seen);
    const mended: Candidate[] = [];
    for (const candidate of candidates) mended.push(await mend(photo, candidate));
    return mended;
  };
}

/** The embedding of pictures without a face: black, white and a plaid pattern. */
async function embedBlank(networks: FaceNetworks): Promise<Float32Array> {
  const chips = allocateBatch(3, CHIP_SIZE);
  const [, white, plaid] = [0, 1, 2].map((i) => batchItem(chips, i).data);
  white?.fill(255);
  for (let i = 0; plaid && i < plaid.length; i++) {
    const [x, y] = [Math.floor(i / 3) % CHIP_SIZE, Math.floor(i / 3 / CHIP_SIZE)];
    plaid[i] = 128 + 60 * Math.sin(x / 12) * Math.sin(y / 12);
  }
  return averageDescriptors(await networks.embed(chips));
}

/** The chip is cut out where it belongs and a little higher and lower, px: alignment is never exact. */
const SHIFTS = [0, -4, 4] as const;
/** Each of them and its mirror image: what pose and light do to one side only cancels. */
const VIEWS = SHIFTS.length * 2;

/** Per face its `VIEWS` aligned chips, the plain one first. */
function cutChips(photo: RgbImage, landmarks: readonly (readonly Point[])[]): PixelBatch {
  const chips = allocateBatch(landmarks.length * VIEWS, CHIP_SIZE);
  landmarks.forEach((points, i) => {
    SHIFTS.forEach((shift, k) => {
      const chip = batchItem(chips, i * VIEWS + 2 * k);
      alignChip(photo, points, chip, shift);
      mirror(chip, batchItem(chips, i * VIEWS + 2 * k + 1));
    });
  });
  return chips;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
