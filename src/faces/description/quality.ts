import type { RgbImage } from "../../io/image/index.ts";
import { CHIP_PADDING } from "../landmarks/align.ts";
import { estimatePose } from "../landmarks/pose.ts";
import { centre } from "../pictures/geometry.ts";
import type { FaceQuality, Point } from "../types.ts";

export interface QualityEvidence {
  /** In px of the original. */
  readonly landmarks: readonly Point[];
  /** The aligned chip. */
  readonly chip: RgbImage;
  /** See `Candidate.facelessness`. */
  readonly facelessness: number;
  /** See `Candidate.agreement`. */
  readonly agreement: number;
  /** The detector's score. */
  readonly detection: number;
}

/** Measures a face. Which quality is sufficient is policy of the gallery and the campaign. */
export function measureQuality(evidence: QualityEvidence): FaceQuality {
  const { landmarks, chip, facelessness } = evidence;
  const [leftX, leftY] = centre(landmarks.slice(36, 42));
  const [rightX, rightY] = centre(landmarks.slice(42, 48));
  const { yaw, pitch, roll } = estimatePose(landmarks);
  const light = measureLight(chip);
  const clarity = clarityOf(facelessness);
  return {
    interocularPx: Math.hypot(rightX - leftX, rightY - leftY),
    yawDegrees: yaw,
    pitchDegrees: pitch,
    rollDegrees: roll,
    ...light,
    eyeLight: measureEyeLight(chip),
    clarity,
    score: scoreOf(evidence, clarity),
  };
}

/** Facelessness of the clearest and of the least clear percent of LFW faces. */
const CLEAREST = 0.82;
const LEAST_CLEAR = 0.95;

function clarityOf(facelessness: number): number {
  return Math.max(0, Math.min(1, (LEAST_CLEAR - facelessness) / (LEAST_CLEAR - CLEAREST)));
}

/** The poorest percent of LFW faces, and the best: sums of standard scores. */
const POOREST = -5;
const BEST = 4;

/**
 * A weighted sum of standard scores (means and deviations over 3,811 LFW faces). Doubts close to 0 are
 * compared by their logarithms. Weights were set on LFW's genuine pairs (docs/performance.md, error versus
 * reject).
 */
function scoreOf({ agreement, detection }: QualityEvidence, clarity: number): number {
  const sum =
    (surety(agreement, 0) - 5.65) / 0.26 +
    0.65 * ((clarity - 0.47) / 0.135) +
    (surety(detection, 0.0005) - 4.32) / 1.11;
  return Math.max(0, Math.min(1, (sum - POOREST) / (BEST - POOREST)));
}

/** @param floor limits the effect of the last thousandths of a certainty */
function surety(certainty: number, floor: number): number {
  return -Math.log(Math.max(1e-6, 1 - certainty + floor));
}

/** Light in the middle of the chip, where the face is. */
function measureLight(chip: RgbImage): Pick<FaceQuality, "brightness" | "contrast" | "sharpness"> {
  const margin = Math.round(chip.width / 6);
  const size = chip.width - 2 * margin;
  const grey = new Float32Array(size * size);
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = luminance(chip, x + margin, y + margin);
      grey[y * size + x] = value;
      sum += value;
      squares += value * value;
    }
  }
  const brightness = sum / grey.length;
  const contrast = Math.sqrt(Math.max(0, squares / grey.length - brightness * brightness));
  return { brightness, contrast, sharpness: laplacianEnergy(grey, size) };
}

/**
 * Areas beneath the eyes, covered by glasses but not by brows, and the cheeks below; in unit faces
 * (landmarks/align.ts).
 */
const BENEATH_EYES = [
  { left: 0.12, right: 0.34, top: 0.32, bottom: 0.42 },
  { left: 0.64, right: 0.86, top: 0.32, bottom: 0.42 },
] as const;
const CHEEKS = [
  { left: 0.08, right: 0.3, top: 0.5, bottom: 0.66 },
  { left: 0.68, right: 0.9, top: 0.5, bottom: 0.66 },
] as const;
/** Cheeks darker than this give no result. */
const DARKEST = 1 / 255;

/** Of 1,205 photos of LFW 14 are under 0.62: 13 of dark glasses and one face in the shadow of a cap. */
function measureEyeLight(chip: RgbImage): number {
  return meanLight(chip, BENEATH_EYES) / Math.max(DARKEST, meanLight(chip, CHEEKS));
}

interface Region {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function meanLight(chip: RgbImage, regions: readonly Region[]): number {
  const px = (unit: number) => Math.round(((unit + CHIP_PADDING) / (1 + 2 * CHIP_PADDING)) * chip.width);
  let [sum, count] = [0, 0];
  for (const { left, right, top, bottom } of regions) {
    for (let y = px(top); y < px(bottom); y++) {
      for (let x = px(left); x < px(right); x++) {
        sum += luminance(chip, x, y);
        count++;
      }
    }
  }
  return sum / Math.max(1, count);
}

/** Rec. 709 luma in [0, 1]. */
function luminance({ width, data }: RgbImage, x: number, y: number): number {
  const at = (y * width + x) * 3;
  return (0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0)) / 255;
}

/** Root mean square of the Laplacian: how much fine detail there is (Pech-Pacheco et al. 2000). */
function laplacianEnergy(grey: Float32Array, size: number): number {
  let energy = 0;
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      const around = at0(grey, at - 1) + at0(grey, at + 1) + at0(grey, at - size) + at0(grey, at + size);
      energy += (around - 4 * at0(grey, at)) ** 2;
    }
  }
  return Math.sqrt(energy / (size - 2) ** 2);
}

function at0(values: Float32Array, index: number): number {
  return values[index] as number;
}
