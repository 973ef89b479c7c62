import { describe, expect, it } from "vitest";
import { doubtsAbout } from "../../src/cli/probe-doubts.ts";
import type { Face, FaceQuality } from "../../src/faces/index.ts";

const CLEAR: FaceQuality = {
  interocularPx: 60,
  yawDegrees: -10,
  pitchDegrees: 0,
  rollDegrees: 0,
  brightness: 0.5,
  contrast: 0.2,
  sharpness: 0.05,
  eyeLight: 0.95,
  clarity: 0.5,
  score: 0.6,
};

function face(quality: Partial<FaceQuality> = {}, side = 100): Face {
  return {
    box: { x: 0, y: 0, width: side, height: side },
    score: 0.9,
    landmarks: [],
    quality: { ...CLEAR, ...quality },
    attributes: null,
    embedding: new Float32Array(128),
    features: new Float32Array(1),
  };
}

describe("doubts about a probe", () => {
  it("are none for one clear face, also in the dark and beside a smaller one", () => {
    const clear = face({ brightness: 0.03 });
    expect(doubtsAbout(clear, [clear])).toEqual([]);
    expect(doubtsAbout(clear, [clear, face({}, 70)])).toEqual([]);
  });

  it.each<[string, Partial<FaceQuality>, string]>([
    ["a tiny face", { interocularPx: 12 }, "12 px apart"],
    ["dark glasses", { eyeLight: 0.4 }, "dark or covered"],
    ["a profile", { yawDegrees: -70 }, "turned by 70 degrees"],
    ["a blurred face", { score: 0.02 }, "perhaps not a face"],
    ["a drawing", { clarity: 0.12 }, "perhaps not a face"],
  ])("name %s", (_, quality, text) => {
    const probe = face(quality);
    expect(doubtsAbout(probe, [probe])).toEqual([expect.stringContaining(text)]);
  });

  it("name a second face of similar size", () => {
    const probe = face();
    expect(doubtsAbout(probe, [probe, face({}, 75)])).toEqual(["another face is of similar size"]);
  });
});
