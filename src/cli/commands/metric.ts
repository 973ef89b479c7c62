import { LookalikeError } from "../../core/index.ts";
import { commonParts, defaultMetric, withParts } from "../../faces/index.ts";
import { type Gallery, openGallery } from "../../gallery/index.ts";
import {
  type Consistency,
  type LearnedMetric,
  learnMetric,
  measureConsistency,
  readJudgements,
  saveMetric,
  toTriplets,
} from "../../learning/index.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, withEngineFlags } from "../engine-flags.ts";
import { wholeNumber } from "../flag-values.ts";
import { type MainFacesOptions, mainFaces } from "../main-faces.ts";
import { EXIT } from "../output.ts";
import { requireReplaceable } from "../output-files.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

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
        .description("train a metric of resemblance on judgements, and measure it on people held out")
        .argument("<judgements>", "judgements.jsonl of `lookalike judge`")
        .requiredOption("--gallery <dir>", "the gallery that was judged")
        .requiredOption("--out <json>", "the file of the metric")
        .option("--probes <photo...>", "judged portraits that are not in the gallery")
        .option("--seed <n>", "seed of the folds", wholeNumber, 1)
        .option("--json", "print the report on stdout as JSON"),
    ),
  ).action(async (path: string, flags: FitFlags) =>
    run(flags, async ({ output, env, engineOf }) => {
      await requireReplaceable(flags.out, "metric");
      const { judgements, rejected } = await readJudgements(path);
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const gallery = await openGallery(flags.gallery, { mustExist: true, vault });
      try {
        const hashes = new Set(judgements.flatMap(({ probe, left, right }) => [probe, left, right]));
        let refused = rejected.length;
        for (const line of rejected) output.refuse(`${path}:${line}`, notAnAnswer());
        const onRefused = (photo: string, error: LookalikeError) => {
          refused++;
          output.refuse(photo, error);
        };
        const { probes = [] } = flags;
        const { ids, values } = await gatherFeatures(hashes, {
          gallery,
          probes,
          flags,
          engineOf,
          onRefused,
        });
        const parts = commonParts([...ids]);
        const { triplets, unknown } = toTriplets(judgements, (hash) => {
          const features = values.get(hash);
          return features === undefined ? null : withParts(features, parts);
        });
        if (triplets.count < LEAST_QUESTIONS) throw tooFew(triplets.count, unknown);
        const base = defaultMetric(parts);
        const learned = learnMetric(triplets, base, { seed: flags.seed });
        const consistency = measureConsistency(judgements);
        const report = reportOf(learned, consistency, { unknown, rejected: rejected.length });
        await saveMetric(flags.out, learned.metric, report);
        await output.result({ out: flags.out, ...report });
        if (!output.json) for (const line of describe(report, flags.out)) output.say(line);
        return refused > 0 ? EXIT.refused : EXIT.done;
      } finally {
        await gallery.close();
      }
    }),
  );
};

interface Gathered {
  /** The ids of the features: photos of one gallery can have different parts. */
  readonly ids: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, Float32Array>;
}

interface GatherOptions extends MainFacesOptions {
  readonly gallery: Gallery;
  readonly probes: readonly string[];
}

/** Reads features from the gallery, and describes the probes that are not in it again; those are not kept. */
async function gatherFeatures(
  hashes: ReadonlySet<string>,
  { gallery, probes, ...options }: GatherOptions,
): Promise<Gathered> {
  const values = new Map<string, Float32Array>();
  const ids = new Set<string>();
  for (const hash of hashes) {
    const stored = await gallery.features(hash);
    if (stored === null) continue;
    values.set(hash, stored.values);
    ids.add(stored.id);
  }
  if (probes.length > 0) {
    for await (const { hash, features, featuresId } of mainFaces(probes, options)) {
      values.set(hash, features);
      ids.add(featuresId);
    }
  }
  return { ids, values };
}

type FitReport = ReturnType<typeof reportOf>;

function reportOf(
  { metric, ...learned }: LearnedMetric,
  consistency: Consistency,
  lost: { readonly unknown: number; readonly rejected: number },
) {
  return { ...learned, ...consistency, ...lost, weights: metric.weights };
}

function describe(report: FitReport, path: string): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const points = (share: number) => (100 * share).toFixed(1);
  const [from = 0, to = 0] = report.gain;
  const { ceiling, sameAnswer, attention } = report;
  return [
    `${report.questions} answers, ${report.unknown} about unknown photos, ${report.rejected} lines rejected`,
    `held-out agreement: default ${percent(report.base)}, learned ${percent(report.learned)}`,
    `gain ${points(report.learned - report.base)} points, 95 % interval ${points(from)} to ${points(to)}`,
    sameAnswer === null || ceiling === null
      ? "no repeats: the raters' consistency is unknown"
      : `raters repeat ${percent(sameAnswer)} of ${report.repeats} answers, so the upper limit is ${percent(ceiling)}`,
    ...(attention === null ? [] : [`${percent(attention)} of the attention checks were answered correctly`]),
    report.isShown
      ? `${path} was written. Use it with match --metric ${path} or policy.resemblance.metric.`
      : `${path} was written, but its gain is not significant. Keep the default, or collect more answers.`,
  ];
}

function notAnAnswer(): LookalikeError {
  return new LookalikeError("ERR_JUDGEMENTS_INVALID", "Expected an answer of `lookalike judge`");
}

function tooFew(count: number, unknown: number): LookalikeError {
  return new LookalikeError(
    "ERR_JUDGEMENTS_INVALID",
    `Expected at least ${LEAST_QUESTIONS} answers about photos of the gallery but found ${count}${unknown > 0 ? `; ${unknown} more are about photos that it does not have, or has without features` : ""}`,
    {
      hint:
        unknown > 0
          ? "Check --gallery, pass the judged portraits with --probes, or index the photos again with this version."
          : "Collect more answers with `lookalike judge`.",
    },
  );
}
