import { drawMatchSheet } from "../campaign/index.ts";
import { LookalikeError } from "../core/index.ts";
import { createFaceEngine, type Face, type FaceEngine, type PhotoFaces } from "../faces/index.ts";
import { type Gallery, type Match, openGallery } from "../gallery/index.ts";
import { writeFileAtomic } from "../io/files.ts";
import { findVault } from "../trust/index.ts";
import { type AppearanceFlags, appearanceOptions, weighs, withAppearanceFlags } from "./appearance-flags.ts";
import type { AddCommand } from "./command.ts";
import { type EngineFlags, engineOptions, wholeNumber, withEngineFlags } from "./engine-flags.ts";
import { EXIT, type Output } from "./output.ts";
import { type KeyFlags, withKeyFlag } from "./privacy-flags.ts";

interface MatchFlags extends EngineFlags, KeyFlags, AppearanceFlags {
  readonly gallery: string;
  readonly top: number;
  readonly tag?: readonly string[];
  readonly territory?: string;
  readonly anyRelease?: boolean;
  readonly strict?: boolean;
  readonly sheet?: string;
  readonly json?: boolean;
}

/** With --strict a second face of this share of the main one's area makes a photo ambiguous. */
const AMBIGUOUS_SHARE = 0.5;

/** `lookalike match`: the gallery's photos nearest to the most prominent face of a photo. */
export const addMatch: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      withAppearanceFlags(
        program
          .command("match")
          .argument("<photo>", "the probe")
          .requiredOption("--gallery <dir>", "the gallery's folder")
          .option("--top <n>", "photos at the most", wholeNumber, 5)
          .option("--tag <tag...>", "only photos with all of these tags")
          .option("--territory <code>", "only photos that are released for this ISO 3166 code")
          .option("--any-release", "also photos whose release has expired")
          .option("--strict", "refuse a probe that shows several faces of similar size")
          .option("--sheet <png>", "draw the probe beside its matches")
          .option("--json", "print the matches on stdout as JSON"),
      ),
    ),
  ).action(async (photo: string, flags: MatchFlags) =>
    run(flags, async ({ output, signal, env }) => {
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const gallery = await openGallery(flags.gallery, { mustExist: true, vault });
      try {
        requireFaces(gallery);
        const engine = await createFaceEngine(engineOptions(withoutNeedless({ ...flags, jobs: 1 })));
        try {
          return await matchPhoto(photo, flags, { gallery, engine, output, signal });
        } finally {
          await engine.close();
        }
      } finally {
        await gallery.close();
      }
    }),
  );
};

interface MatchContext {
  readonly gallery: Gallery;
  readonly engine: FaceEngine;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function matchPhoto(photo: string, flags: MatchFlags, context: MatchContext) {
  const { gallery, engine, output, signal } = context;
  const probe = await findProbe(photo, flags, context);
  if (probe instanceof LookalikeError) {
    output.refuse(photo, probe);
    await output.result({ photo, error: probe });
    return EXIT.refused;
  }
  const matches = await gallery.match(probe.embedding, {
    top: flags.top,
    tags: flags.tag,
    territory: flags.territory,
    at: flags.anyRelease ? undefined : new Date(),
    ...appearanceOptions(flags, probe.attributes),
    embedderId: engine.embedder.id,
  });
  if (flags.sheet !== undefined) {
    signal.throwIfAborted();
    await writeFileAtomic(flags.sheet, await drawMatchSheet({ photo, box: probe.box }, matches));
  }
  await output.result({
    photo,
    ...probeJson(probe, flags),
    matches: matches.map((match) => toJson(match, flags)),
  });
  if (!output.json) for (const match of matches) output.say(describeMatch(match));
  if (matches.length === 0) output.say("No photo of the gallery passes the filters.");
  return EXIT.done;
}

/** The most prominent face, or why the photo has no probe. */
async function findProbe(
  photo: string,
  flags: MatchFlags,
  { engine, signal }: MatchContext,
): Promise<Face | LookalikeError> {
  let described: PhotoFaces;
  try {
    described = await engine.describe(photo, { signal });
  } catch (error) {
    if (error instanceof LookalikeError && error.code.startsWith("ERR_PHOTO_")) return error;
    throw error;
  }
  const [main, second] = described.faces;
  if (main === undefined) {
    return new LookalikeError("ERR_PHOTO_NO_FACE", `Expected a face in ${photo} but found none`, {
      hint: "Use a photo that shows the face larger and from the front.",
    });
  }
  if (flags.strict && second !== undefined && area(second) >= AMBIGUOUS_SHARE * area(main)) {
    return new LookalikeError(
      "ERR_PHOTO_AMBIGUOUS",
      `Expected one face in ${photo} but received ${described.faces.length}, two of them of similar size`,
      { hint: "Use a portrait of one person, or leave out --strict to take the most prominent face." },
    );
  }
  return main;
}

function area({ box }: Face): number {
  return box.width * box.height;
}

function requireFaces(gallery: Gallery): void {
  if (gallery.embedderId !== null) return;
  throw new LookalikeError(
    "ERR_GALLERY_EMPTY",
    `Expected faces in the gallery ${gallery.folder} but it is empty`,
    {
      hint: "Index some photos first: lookalike index <folder> --gallery <dir>.",
    },
  );
}

/** The probe's attributes are estimated only where they weigh something. */
function withoutNeedless(flags: MatchFlags): MatchFlags {
  return { ...flags, attributes: flags.attributes !== false && weighs(flags) };
}

function probeJson({ box, attributes }: Face, flags: MatchFlags) {
  return { probe: weighs(flags) ? { box, attributes } : { box } };
}

function toJson({ photo, box, distance, score, faceIndex }: Match, flags: MatchFlags): unknown {
  const nearest = { photo: photo.path, box, distance };
  return weighs(flags) ? { ...nearest, score, attributes: photo.faces[faceIndex]?.attributes } : nearest;
}

function describeMatch({ photo, distance, score }: Match): string {
  const weighed = score > distance ? ` (weighed ${score.toFixed(3)})` : "";
  return `${distance.toFixed(3)}${weighed}  ${photo.path}`;
}
