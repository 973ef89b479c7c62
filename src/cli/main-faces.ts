import { LookalikeError } from "../core/index.ts";
import type { Box, PhotoOutcome } from "../faces/index.ts";
import { hashFile } from "../io/files.ts";
import { type EngineFlags, engineOptions, type OpenEngine } from "./engine-flags.ts";

/** The main face of a photo that is described and not kept. */
export interface MainFace {
  readonly photo: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly box: Box;
  readonly features: Float32Array;
  /** Which parts the features have. */
  readonly featuresId: string;
}

export interface MainFacesOptions {
  readonly flags: EngineFlags;
  readonly engineOf: OpenEngine;
  /** Called for each photo that cannot be read, or has no face. */
  readonly onRefused: (photo: string, error: LookalikeError) => void;
}

/** Describes photos and yields their main faces. */
export async function* mainFaces(
  photos: readonly string[],
  { flags, engineOf, onRefused }: MainFacesOptions,
): AsyncGenerator<MainFace> {
  const engine = await engineOf(engineOptions(flags));
  try {
    for await (const outcome of engine.describeAll(photos)) {
      const { photo } = outcome;
      const main = outcome.status === "described" ? outcome.faces[0] : undefined;
      const { featuresId = null } = engine;
      if (main?.features === undefined || featuresId === null) onRefused(photo, errorOf(outcome));
      else yield { photo, hash: await hashFile(photo), box: main.box, features: main.features, featuresId };
    }
  } finally {
    await engine.close();
  }
}

function errorOf(outcome: PhotoOutcome<string>): LookalikeError {
  if (outcome.status === "refused") return outcome.error;
  return new LookalikeError("ERR_PHOTO_NO_FACE", `Expected a face in ${outcome.photo} but found none`, {
    hint: "Use a photo that shows the face larger and from the front.",
  });
}
