import type { Box } from "../faces/index.ts";
import { hashFile } from "../io/files.ts";
import { type EngineFlags, engineOptions, type OpenEngine } from "./engine-flags.ts";

/** The main face of a photo that is described and not kept. */
export interface MainFace {
  readonly photo: string;
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly box: Box;
  readonly features: Float32Array;
}

/** Describes photos; those that cannot be read, or have no face with features, are skipped. */
export async function* mainFaces(
  photos: readonly string[],
  flags: EngineFlags,
  engineOf: OpenEngine,
): AsyncGenerator<MainFace> {
  const engine = await engineOf(engineOptions(flags));
  try {
    for await (const outcome of engine.describeAll(photos)) {
      const main = outcome.status === "described" ? outcome.faces[0] : undefined;
      if (main?.features === undefined) continue;
      const { photo } = outcome;
      yield { photo, hash: await hashFile(photo), box: main.box, features: main.features };
    }
  } finally {
    await engine.close();
  }
}
