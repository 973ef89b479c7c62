import { drawMatchSheet } from "../../campaign/index.ts";
import { LookalikeError, wrongUse } from "../../core/index.ts";
import type { Face, FaceEngine, PhotoOutcome } from "../../faces/index.ts";
import { type Gallery, type Match, openGallery } from "../../gallery/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { loadMetric } from "../../learning/index.ts";
import { findVault } from "../../trust/index.ts";
import { type AppearanceFlags, appearanceOptions, withAppearanceFlags } from "../appearance-flags.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { wholeNumber } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";
import { AMBIGUOUS_SHARE, area, doubtsAbout } from "../probe-doubts.ts";

interface MatchFlags extends EngineFlags, KeyFlags, AppearanceFlags {
  readonly gallery: string;
  readonly top: number;
  readonly metric?: string;
  readonly tag?: readonly string[];
  readonly territory?: string;
  readonly anyRelease?: boolean;
  readonly strict?: boolean;
  readonly sheet?: string;
  readonly json?: boolean;
}

/**
 * `lookalike match`: finds, for each photo, the gallery's photos whose faces resemble its most prominent
 * face.
 */
export const addMatch: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      withAppearanceFlags(
        program
          .command("match")
          .argument("<photo...>", "the probes")
          .requiredOption("--gallery <dir>", "the gallery's folder")
          .option("--top <n>", "maximum number of photos", wholeNumber, 5)
          .option("--metric <json>", "rank by a metric from `lookalike metric fit`")
          .option("--tag <tag...>", "only photos with all of these tags")
          .option("--territory <code>", "only photos released for this ISO 3166 code")
          .option("--any-release", "also photos whose release has expired")
          .option("--strict", "reject a probe that shows several faces of similar size")
          .option("--sheet <png>", "draw the probe beside its matches; with one probe")
          .option("--json", "print JSON Lines on stdout, one line per probe in input order"),
      ),
    ),
  ).action(async (photos: string[], flags: MatchFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      requireOneForSheet(photos, flags);
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const metric = flags.metric === undefined ? null : await loadMetric(flags.metric);
      const gallery = await openGallery(flags.gallery, { mustExist: true, vault, metric });
      try {
        requireFaces(gallery);
        const engine = await engineOf(engineOptions(flags));
        try {
          return await matchPhotos(photos, flags, { gallery, engine, output, signal });
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

async function matchPhotos(photos: readonly string[], flags: MatchFlags, context: MatchContext) {
  const { engine, output, signal } = context;
  let refused = 0;
  let isByDistance = false;
  for await (const outcome of engine.describeAll(photos, { signal })) {
    const probe = findProbe(outcome, flags);
    if (probe instanceof LookalikeError) {
      refused++;
      output.refuse(outcome.photo, probe);
      await output.result({ photo: outcome.photo, error: probe });
    } else {
      const faces = outcome.status === "described" ? outcome.faces : [];
      const matches = await matchProbe(
        { photo: outcome.photo, probe, doubts: doubtsAbout(probe, faces) },
        flags,
        context,
      );
      isByDistance ||= matches.some(({ resemblance }) => resemblance === null);
    }
  }
  if (isByDistance) output.say(BY_DISTANCE);
  return refused > 0 ? EXIT.refused : EXIT.done;
}

const BY_DISTANCE =
  "The photos are ranked by distance: the probe and all faces of the gallery have no weighted part of resemblance in common. If the gallery is of an older version, index the photos again.";

interface ProbeOf {
  readonly photo: string;
  readonly probe: Face;
  /** Why its matches may be wrong. */
  readonly doubts: readonly string[];
}

async function matchProbe(
  { photo, probe, doubts }: ProbeOf,
  flags: MatchFlags,
  context: MatchContext,
): Promise<readonly Match[]> {
  const { gallery, engine, output, signal } = context;
  const matches = await gallery.match(probe, {
    top: flags.top,
    tags: flags.tag,
    territory: flags.territory,
    at: flags.anyRelease ? undefined : new Date(),
    ...appearanceOptions(flags),
    embedderId: engine.embedder.id,
    featuresId: engine.featuresId,
  });
  if (flags.sheet !== undefined) {
    signal.throwIfAborted();
    await writeFileAtomic(flags.sheet, await drawMatchSheet({ photo, ...probe }, matches));
    output.say(`Sheet of the probe and ${matches.length} matches written to ${flags.sheet}`);
  }
  await output.result({ photo, probe: { box: probe.box, doubts }, matches: matches.map(toJson) });
  for (const doubt of doubts) output.say(`${photo}: ${doubt}; its matches may be wrong`);
  if (output.json) return matches;
  output.say(`${photo}:`);
  for (const match of matches) output.say(describeMatch(match));
  if (matches.length === 0) output.say("No photo of the gallery passes the filters.");
  return matches;
}

/** The most prominent face, or an error if the photo has no probe. */
function findProbe(outcome: PhotoOutcome<string>, flags: MatchFlags): Face | LookalikeError {
  if (outcome.status === "refused") return outcome.error;
  const { photo, faces } = outcome;
  const [main, second] = faces;
  if (main === undefined) {
    return new LookalikeError("ERR_PHOTO_NO_FACE", `Expected a face in ${photo} but found none`, {
      hint: "Use a photo that shows the face larger and from the front.",
    });
  }
  if (flags.strict && second !== undefined && area(second) >= AMBIGUOUS_SHARE * area(main)) {
    return new LookalikeError(
      "ERR_PHOTO_AMBIGUOUS",
      `Expected one face in ${photo} but received ${faces.length}, two of them of similar size`,
      { hint: "Use a portrait of one person, or remove --strict to use the most prominent face." },
    );
  }
  return main;
}

function requireOneForSheet(photos: readonly string[], { sheet }: MatchFlags): void {
  if (sheet === undefined || photos.length === 1) return;
  throw wrongUse("one probe with --sheet", String(photos.length), "Pass one probe, or remove --sheet.");
}

function requireFaces(gallery: Gallery): void {
  if (gallery.embedderId !== null) return;
  throw new LookalikeError(
    "ERR_GALLERY_EMPTY",
    `Expected faces in the gallery ${gallery.folder} but it is empty`,
    {
      hint: "Index photos first: lookalike index <folder> --gallery <dir>",
    },
  );
}

function toJson({ photo, box, distance, resemblance }: Match) {
  return { photo: photo.path, box, distance, resemblance };
}

function describeMatch({ photo, distance, resemblance }: Match): string {
  const ranked = resemblance === null ? "" : `resemblance ${resemblance.toFixed(3)}  `;
  return `  ${ranked}distance ${distance.toFixed(3)}  ${photo.path}`;
}
