import { LookalikeError } from "../core/index.ts";
import { defaultMetric, partsOf } from "../faces/index.ts";
import { type Gallery, openGallery } from "../gallery/index.ts";
import {
  type Consistency,
  type LearnedMetric,
  learnMetric,
  measureConsistency,
  readJudgements,
  saveMetric,
  toTriplets,
} from "../learning/index.ts";
import { findVault } from "../trust/index.ts";
import type { AddCommand } from "./command.ts";
import { type EngineFlags, type OpenEngine, wholeNumber, withEngineFlags } from "./engine-flags.ts";
import { mainFaces } from "./main-faces.ts";
import { EXIT } from "./output.ts";
import { type KeyFlags, withKeyFlag } from "./privacy-flags.ts";

interface FitFlags extends EngineFlags, KeyFlags {
  readonly gallery: string;
  readonly out: string;
  readonly probes?: readonly string[];
  readonly seed: number;
  readonly json?: boolean;
}

/** With fewer answers no metric is fitted. */
const LEAST_QUESTIONS = 50;

/** `lookalike metric fit`: fits a metric to people's judgements. */
export const addMetric: AddCommand = (program, run) => {
  const metric = program.command("metric");
  withKeyFlag(
    withEngineFlags(
      metric
        .command("fit")
        .argument("<judgements>", "judgements.jsonl of `lookalike judge`")
        .requiredOption("--gallery <dir>", "the gallery that was judged")
        .requiredOption("--out <json>", "the file of the metric")
        .option("--probes <photo...>", "judged portraits that are not in the gallery")
        .option("--seed <n>", "seed of the folds (default: 1)", wholeNumber, 1)
        .option("--json", "print the report on stdout as JSON"),
    ),
  ).action(async (path: string, flags: FitFlags) =>
    run(flags, async ({ output, env, engineOf }) => {
      const { judgements, rejected } = await readJudgements(path);
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const gallery = await openGallery(flags.gallery, { mustExist: true, vault });
      try {
        const hashes = new Set(judgements.flatMap(({ probe, left, right }) => [probe, left, right]));
        const features = await gatherFeatures(hashes, { gallery, flags, engineOf });
        const { triplets, unknown } = toTriplets(judgements, (hash) => features.values.get(hash) ?? null);
        if (triplets.count < LEAST_QUESTIONS) throw tooFew(triplets.count, unknown);
        const learned = learnMetric(triplets, defaultMetric(partsOf(features.id)), { seed: flags.seed });
        const consistency = measureConsistency(judgements);
        const report = reportOf(learned, consistency, { unknown, rejected: rejected.length });
        await saveMetric(flags.out, learned.metric, report);
        await output.result({ out: flags.out, ...report });
        if (!output.json) for (const line of describe(report)) output.say(line);
      } finally {
        await gallery.close();
      }
      return EXIT.done;
    }),
  );
};

interface Gathered {
  readonly id: string;
  readonly values: ReadonlyMap<string, Float32Array>;
}

/** Reads features from the gallery, and describes the probes that are not in it again; those are not kept. */
async function gatherFeatures(
  hashes: ReadonlySet<string>,
  {
    gallery,
    flags,
    engineOf,
  }: { readonly gallery: Gallery; readonly flags: FitFlags; readonly engineOf: OpenEngine },
): Promise<Gathered> {
  const values = new Map<string, Float32Array>();
  let id: string | null = null;
  for (const hash of hashes) {
    const stored = await gallery.features(hash);
    if (stored === null) continue;
    values.set(hash, stored.values);
    id = id === null || stored.id.length < id.length ? stored.id : id;
  }
  if (id === null) throw tooFew(0, hashes.size);
  const { probes = [] } = flags;
  if (probes.length > 0) {
    for await (const face of mainFaces(probes, flags, engineOf)) values.set(face.hash, face.features);
  }
  return { id, values };
}

type FitReport = ReturnType<typeof reportOf>;

function reportOf(
  { metric, ...learned }: LearnedMetric,
  consistency: Consistency,
  lost: { readonly unknown: number; readonly rejected: number },
) {
  return { ...learned, ...consistency, ...lost, weights: metric.weights };
}

function describe(report: FitReport): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const [from, to] = report.gain.map((gain) => `${(100 * gain).toFixed(1)}`);
  const { ceiling, sameAnswer, attention } = report;
  return [
    `${report.questions} answers, ${report.unknown} about unknown photos, ${report.rejected} lines rejected`,
    `held-out agreement: default ${percent(report.base)}, learned ${percent(report.learned)}`,
    `gain ${percent(report.learned - report.base)}, 95 % interval ${from} to ${to} points: ${report.isShown ? "shown" : "not shown; keep the default"}`,
    sameAnswer === null || ceiling === null
      ? "no repeats: the raters' consistency is unknown"
      : `raters repeat ${percent(sameAnswer)} of ${report.repeats} answers, so the upper limit is ${percent(ceiling)}`,
    ...(attention === null ? [] : [`${percent(attention)} of the attention checks were answered correctly`]),
  ];
}

function tooFew(count: number, unknown: number): LookalikeError {
  return new LookalikeError(
    "ERR_JUDGEMENTS_INVALID",
    `Expected at least ${LEAST_QUESTIONS} answers about photos with features but found ${count} (${unknown} of unknown photos)`,
    { hint: "Index the gallery with this version, name the probes with --probes, and collect more answers." },
  );
}
