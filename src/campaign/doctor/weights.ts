import { join } from "node:path";
import { hashFile } from "../../io/files.ts";
import { attempt, type Finding, ok } from "./types.ts";

/** SHA-256 of the networks' files in @vladmandic/face-api 1.7.15. */
export const WEIGHTS: Readonly<Record<string, string>> = {
  age_gender: "49f92bbc0afef2342c4385e4a2b0acb6d7a727c6f0aa539499719a81acf9abaa",
  face_expression: "9a9840f2cf1f4c7eab95f197512569345c00d2426754d4608b92af30e0300f3d",
  face_landmark_68: "4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b",
  face_recognition: "b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589",
  ssd_mobilenetv1: "2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8",
};

/** Checks the hashes: modified weights would run without an error and give other results. */
export function checkWeights(): Promise<Finding> {
  const hint = "Install @vladmandic/face-api 1.7.15 again: npm ci.";
  return attempt("weights", hint, async () => {
    const { faceApiFolder } = await import("../../faces/index.ts");
    const differ: string[] = [];
    for (const [network, hash] of Object.entries(WEIGHTS)) {
      const path = join(faceApiFolder(), "model", `${network}_model.bin`);
      if ((await hashFile(path).catch(() => null)) !== hash) differ.push(network);
    }
    if (differ.length === 0) return ok("weights", `${Object.keys(WEIGHTS).length} networks, unmodified`);
    const detail = `missing or modified: ${differ.join(", ")}`;
    return { name: "weights", status: "wrong", detail, hint };
  });
}
