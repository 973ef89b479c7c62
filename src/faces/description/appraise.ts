import { once } from "../../core/index.ts";
import type { RgbImage } from "../../io/image/index.ts";
import { alignChip, CHIP_SIZE, mirror, templateError } from "../landmarks/align.ts";
import { locateLandmarks } from "../landmarks/locate.ts";
import { allocateBatch, allocateImage, batchItem, type PixelBatch } from "../pictures/pixels.ts";
import type { FaceNetworks, Point } from "../types.ts";
import { agreement, averageDescriptors } from "./descriptor.ts";
import type { Sighting } from "./detect.ts";

/** A sighting with the networks' results. */
export interface Candidate {
  readonly sighting: Sighting;
  readonly landmarks: readonly Point[];
  readonly embedding: Float32Array;
  /**
   * How little of a face the networks saw, about 0.8 (a clear face) to 1.1 (none): the cosine between the
   * embedding and that of pictures without a face, plus `TEMPLATE_WEIGHT` times the misfit of the landmarks.
   * Everything that is not an upright face is embedded near one point.
   */
  readonly facelessness: number;
  /** How far the views of the face agree, in (0, 1]; .9965 is usual. */
  readonly agreement: number;
  /** The aligned chip. */
  readonly chip: RgbImage;
}

const TEMPLATE_WEIGHT = 0.3;
/** From this facelessness on a sighting may be a face the wrong way up; an upright face rarely is. */
const DOUBTFUL = 0.92;
/** Another turn must have a facelessness lower by this. */
const MARGIN = 0.03;

/** Appraises sightings, and corrects their turn if they may be faces the wrong way up. */
export function createAppraiser(
  networks: FaceNetworks,
): (photo: RgbImage, seen: readonly Sighting[]) => Promise<Candidate[]> {
  const blank = once(() => embedBlank(networks));

  async function appraise(photo: RgbImage, seen: readonly Sighting[]): Promise<Candidate[]> {
    if (seen.length === 0) return [];
    const landmarks = await locateLandmarks(photo, seen, networks);
    const chips = cutChips(photo, landmarks);
    const descriptors = await networks.embed(chips);
    const nothing = await blank();
    return seen.map((sighting, i) => {
      const points = landmarks[i] ?? [];
      const views = descriptors.slice(i * VIEWS.length, (i + 1) * VIEWS.length);
      const embedding = averageDescriptors(views);
      const facelessness = cosine(embedding, nothing) + TEMPLATE_WEIGHT * templateError(points);
      return {
        sighting,
        landmarks: points,
        embedding,
        facelessness,
        agreement: agreement(views),
        chip: batchItem(chips, i * VIEWS.length),
      };
    });
  }

  async function fixTurn(photo: RgbImage, candidate: Candidate): Promise<Candidate> {
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
    const fixed: Candidate[] = [];
    for (const candidate of candidates) fixed.push(await fixTurn(photo, candidate));
    return fixed;
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

/**
 * The views of a face that are averaged: the aligned chip and its mirror image, one shifted up and a mirrored
 * one shifted down (px). Effects of pose and light on one side cancel, and alignment is never exact.
 */
const VIEWS = [
  { shift: 0, mirrored: false },
  { shift: 0, mirrored: true },
  { shift: -4, mirrored: false },
  { shift: 4, mirrored: true },
] as const;

/** The views of each face, the plain chip first. */
function cutChips(photo: RgbImage, landmarks: readonly (readonly Point[])[]): PixelBatch {
  const chips = allocateBatch(landmarks.length * VIEWS.length, CHIP_SIZE);
  const room = Math.max(...VIEWS.map(({ shift }) => shift));
  const tall = allocateImage(CHIP_SIZE, CHIP_SIZE + 2 * room);
  landmarks.forEach((points, i) => {
    // Shifts by whole px: one chip with space above and below contains them all.
    alignChip(photo, points, tall);
    VIEWS.forEach(({ shift, mirrored }, k) => {
      const chip = batchItem(chips, i * VIEWS.length + k);
      const start = (room - shift) * CHIP_SIZE * 3;
      const view = { ...chip, data: tall.data.subarray(start, start + chip.data.length) };
      if (mirrored) mirror(view, chip);
      else chip.data.set(view.data);
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
