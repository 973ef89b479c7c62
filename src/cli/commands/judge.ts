import { statSync } from "node:fs";
import { releaseEnd } from "../../campaign/index.ts";
import { LookalikeError } from "../../core/index.ts";
import { commonParts, defaultMetric, type PartName, withParts } from "../../faces/index.ts";
import { type Gallery, type GalleryPhoto, openGallery } from "../../gallery/index.ts";
import { hashFile } from "../../io/files.ts";
import { createQuestioner, type Judgement, readJudgements } from "../../learning/index.ts";
import { createJudgeSession, drawHead, type JudgedPhoto, startJudge } from "../../service/index.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, withEngineFlags } from "../engine-flags.ts";
import { portNumber, wholeNumber } from "../flag-values.ts";
import { type MainFacesOptions, mainFaces } from "../main-faces.ts";
import { EXIT } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface JudgeFlags extends EngineFlags, KeyFlags {
  readonly gallery: string;
  readonly out: string;
  readonly rater: string;
  readonly probes?: readonly string[];
  readonly questions: number;
  readonly port?: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** With fewer photos there are not enough pairs to ask about. */
const LEAST_PHOTOS = 5;

/** `lookalike judge`: a local page that collects judgements of resemblance. */
export const addJudge: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      program
        .command("judge")
        .requiredOption("--gallery <dir>", "the gallery to judge")
        .requiredOption("--rater <name>", "name of the rater")
        .option("--out <jsonl>", "file that answers are appended to", "judgements.jsonl")
        .option("--probes <photo...>", "portraits of people who agreed (default: the gallery's own photos)")
        .option("--questions <n>", "number of questions", wholeNumber, 150)
        .option("--port <n>", "port on 127.0.0.1 (default: any free port)", portNumber)
        .option("--seed <n>", "seed of the questions", wholeNumber, 1)
        .option("--json", "print the page's address on stdout as JSON"),
    ),
  ).action(async (flags: JudgeFlags) =>
    run(flags, async ({ output, env, signal, engineOf }) => {
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const gallery = await openGallery(flags.gallery, { mustExist: true, vault });
      try {
        let refused = 0;
        const onRefused = (photo: string, error: LookalikeError) => {
          refused++;
          output.refuse(photo, error);
        };
        const earlier = await readEarlier(flags.out);
        const material = await gather(gallery, flags.probes, { flags, engineOf, onRefused });
        const base = defaultMetric(material.parts);
        // Another seed each time, so that the next session does not repeat the questions of this one.
        const questioner = createQuestioner({ ...material, base, seed: flags.seed + earlier.length });
        for (const judgement of earlier) questioner.learn(judgement);
        const session = createJudgeSession({
          questioner,
          rater: flags.rater,
          total: flags.questions,
          path: flags.out,
          now: () => new Date(),
        });
        const photo = async (hash: string) => {
          const judged = material.faces.get(hash);
          if (judged === undefined || !(await mayStillShow(hash, judged, { gallery, material }))) return null;
          return drawHead(judged);
        };
        const server = await startJudge({ session, photo, port: flags.port });
        try {
          await output.result({ url: server.url, judgements: flags.out });
          output.say(`Open ${server.url} in a browser on this machine. The address works once.`);
          await Promise.race([server.finished, aborted(signal)]);
          output.say(
            `All ${flags.questions} questions are answered; ${flags.out} has ${earlier.length + flags.questions} answers.`,
          );
          output.say(`Next: lookalike metric fit ${flags.out} --gallery ${flags.gallery} --out metric.json`);
        } finally {
          await server.close();
        }
        return refused > 0 ? EXIT.refused : EXIT.done;
      } finally {
        await gallery.close();
      }
    }),
  );
};

/**
 * The answers in the file so far.
 * @throws ERR_JUDGEMENTS_INVALID the file contains other data, to which nothing must be appended
 */
async function readEarlier(path: string): Promise<readonly Judgement[]> {
  const found = statSync(path, { throwIfNoEntry: false });
  // Answers to a pipe or a device would be lost, or block.
  if (found?.isFile() === false) {
    throw new LookalikeError("ERR_JUDGEMENTS_INVALID", `Could not open ${path}: not a regular file`, {
      hint: "Name a new file, or one that `lookalike judge` wrote.",
    });
  }
  return found !== undefined && found.size > 0 ? (await readJudgements(path)).judgements : [];
}

interface Material {
  /** The parts that all faces have: photos of one gallery can have different ones. */
  readonly parts: ReadonlySet<PartName>;
  readonly probes: readonly string[];
  readonly photos: readonly string[];
  readonly features: ReadonlyMap<string, Float32Array>;
  readonly faces: ReadonlyMap<string, JudgedPhoto>;
}

/** Gathers photos with one clear main face. Those of customers who consented are described and not kept. */
async function gather(
  gallery: Gallery,
  portraits: readonly string[] | undefined,
  options: MainFacesOptions,
): Promise<Material> {
  const features = new Map<string, Float32Array>();
  const faces = new Map<string, JudgedPhoto>();
  const ids = new Set<string>();
  for await (const photo of gallery.photos()) {
    if (!mayShow(photo)) continue;
    const stored = await gallery.features(photo.hash);
    const [main] = photo.faces;
    if (stored === null || main === undefined) continue;
    ids.add(stored.id);
    features.set(photo.hash, stored.values);
    faces.set(photo.hash, { path: photo.path, box: main.box });
  }
  const photos = [...features.keys()];
  if (photos.length < LEAST_PHOTOS) throw tooFew(photos.length);
  const gathered = (probes: readonly string[]): Material => {
    const parts = commonParts([...ids]);
    const comparable = [...features].map(([hash, own]) => [hash, withParts(own, parts)] as const);
    return { parts, probes, photos, features: new Map(comparable), faces };
  };
  if (portraits === undefined) return gathered(photos);
  const probes: string[] = [];
  for await (const { photo, hash, box, features: own, featuresId } of mainFaces(portraits, options)) {
    ids.add(featuresId);
    probes.push(hash);
    features.set(hash, own);
    faces.set(hash, { path: photo, box });
  }
  if (probes.length === 0) throw tooFew(0);
  return gathered(probes);
}

/** Photos whose release was withdrawn or has expired are not shown to raters. */
function mayShow({ release }: GalleryPhoto): boolean {
  return releaseEnd(release, { territory: null, media: null }, new Date()) === null;
}

/** Checks each photo again: judging takes an hour, in which a photo can be withdrawn, erased or replaced. */
async function mayStillShow(
  hash: string,
  { path }: JudgedPhoto,
  { gallery, material }: { readonly gallery: Gallery; readonly material: Material },
): Promise<boolean> {
  if ((await hashFile(path).catch(() => null)) !== hash) return false;
  if (!material.photos.includes(hash)) return true;
  const photo = await gallery.photo(path);
  return photo !== null && photo.hash === hash && mayShow(photo);
}

function tooFew(found: number): LookalikeError {
  return new LookalikeError(
    "ERR_GALLERY_EMPTY",
    `Expected at least ${LEAST_PHOTOS} photos with features, and a face on some probe, but found ${found}`,
    { hint: "Index more photos, index them again with this version, or pass other probes." },
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    const stop = () => reject(new LookalikeError("ERR_ABORTED", "Stopped; the answers are saved"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
}
