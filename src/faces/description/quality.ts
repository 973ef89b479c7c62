import type { RgbImage } from "../../image.ts";
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
}

/** Measures a face; what is good enough is the gallery's and the campaign's policy. */
export function measureQuality({ landmarks, chip, facelessness }: QualityEvidence): FaceQuality {
  const [leftX, leftY] = centre(landmarks.slice(36, 42));
  const [rightX, rightY] = centre(landmarks.slice(42, 48));
  const { yaw, pitch, roll } = estimatePose(landmarks);
  const light = measureLight(chip);
  return {
    interocularPx: Math.hypot(rightX - leftX, rightY - leftY),
    yawDegrees: yaw,
    pitchDegrees: pitch,
    rollDegrees: roll,
    ...light,
    clarity: clarityOf(facelessness),
  };
}

/** Facelessness of the clearest and of the least clear percent of LFW faces. */
const CLEAREST = 0.82;
const LEAST_CLEAR = 0.95;

function clarityOf(facelessness: number): number {
  return Math.max(0, Math.min(1, (LEAST_CLEAR - facelessness) / (LEAST_CLEAR - CLEAREST)));
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
