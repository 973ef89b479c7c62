import { centre } from "./geometry.ts";
import type { FaceQuality, Point } from "./types.ts";

/** Measures a face; what is good enough is the gallery's and the campaign's policy. */
export function measureQuality(landmarks: readonly Point[]): FaceQuality {
  const [leftX, leftY] = centre(landmarks.slice(36, 42));
  const [rightX, rightY] = centre(landmarks.slice(42, 48));
  return {
    interocularPx: Math.hypot(rightX - leftX, rightY - leftY),
    rollDegrees: (Math.atan2(rightY - leftY, rightX - leftX) * 180) / Math.PI,
  };
}
