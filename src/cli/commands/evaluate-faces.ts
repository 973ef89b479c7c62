import { type Command, Option } from "commander";
import { invalidOption } from "../../core/index.ts";
import {
  describeContrast,
  type EvaluationSource,
  evaluateFaces,
  type FaceChoice,
  type FaceEvaluation,
  renderFaceEvaluation,
  type Share,
} from "../../faces/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { percent } from "../../reports/index.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { names, number, wholeNumber } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";
import { evaluationToJson } from "./evaluate-faces-json.ts";

interface EvaluateFacesFlags extends EngineFlags {
  readonly json?: boolean;
  readonly pairs?: string;
  readonly photos?: string;
  readonly fold?: string;
  readonly photoA?: string;
  readonly photoB?: string;
  readonly same?: string;
  readonly people?: string;
  readonly person?: string;
  readonly personPattern?: string;
  readonly by?: readonly string[];
  readonly face: FaceChoice;
  readonly folds?: number;
  readonly threshold?: number;
  readonly minDistance?: number;
  readonly maxDistance?: number;
  readonly maxDifferent?: number;
  readonly seed: number;
  readonly html?: string;
}

/** `lookalike evaluate faces`: accuracy, identification and fairness on photos of known people. */
export const addEvaluateFaces: AddCommand = (evaluate, run) => {
  withEngineFlags(withEvaluationFlags(evaluate.command("faces"))).action(
    async (folder: string | undefined, flags: EvaluateFacesFlags) =>
      run(flags, async ({ output, signal, engineOf }) => {
        const source = readSource(folder, flags);
        const engine = await engineOf(engineOptions(flags));
        const progress = output.progress("photos");
        try {
          const evaluation = await evaluateFaces(source, engine, {
            ...flags,
            personColumn: flags.person,
            by: flags.by,
            signal,
            onProgress: progress.update,
          });
          progress.stop();
          return await report(evaluation, output, flags);
        } finally {
          progress.stop();
          await engine.close();
        }
      }),
  );
};

function withEvaluationFlags(command: Command): Command {
  return command
    .description(
      "measure face matching on photos of known people, one sub-folder per person or pairs in a table",
    )
    .argument("[folder]", "photos of people, one sub-folder per person (or see --person-pattern)")
    .option("--pairs <file>", "CSV or Parquet with pairs of photos, instead of a folder")
    .option("--photos <root>", "the folder that the pairs' paths start from (default: the current one)")
    .option("--fold <column>", "of the pairs: cross-validation fold (default: fold, or assigned at random)")
    .option("--photo-a <column>", "of the pairs: one photo (default: photo_a)")
    .option("--photo-b <column>", "of the pairs: the other (default: photo_b)")
    .option("--same <column>", "of the pairs: 1 for one person, 0 for two (default: same)")
    .option("--people <file>", "CSV or Parquet with attributes of people")
    .option("--person <column>", "of the people: the person (default: person)")
    .option(
      "--person-pattern <regexp>",
      "pattern of the person in a photo's path, such as '(\\d+)_'; group 1 or the whole match",
    )
    .option("--by <columns>", "of the people: columns to group results by, separated by commas", names)
    .addOption(
      new Option("--face <which>", "which face of a photo to use")
        .choices(["prominent", "largest", "central"])
        .default("prominent"),
    )
    .option("--folds <n>", "number of random folds if the pairs have none (default: 10)", wholeNumber)
    .option("--min-distance <d>", "of a match, reported per group (default: 0.4)", number)
    .option("--max-distance <d>", "of a match, reported per group (default: 0.8)", number)
    .option("--threshold <distance>", "also report the accuracy at this distance (default: 0.6)", number)
    .option(
      "--max-different <n>",
      "of a folder: random pairs of different people (default: 100000)",
      wholeNumber,
    )
    .option("--seed <n>", "seed of folds, random pairs and intervals", wholeNumber, 1)
    .option("--html <file>", "write one page with the curves")
    .option("--json", "print the figures and curves on stdout as JSON");
}

function readSource(folder: string | undefined, flags: EvaluateFacesFlags): EvaluationSource {
  if ((folder === undefined) === (flags.pairs === undefined)) {
    const received = folder === undefined ? "neither" : "both";
    throw invalidOption("a folder or --pairs", "evaluate faces", received);
  }
  if (folder !== undefined) return { folder };
  const { fold, photoA, photoB, same } = flags;
  return { pairs: flags.pairs ?? "", photos: flags.photos ?? ".", columns: { fold, photoA, photoB, same } };
}

async function report(evaluation: FaceEvaluation, output: Output, flags: EvaluateFacesFlags) {
  const { undetected, refusedPairs, refusedPhotos } = evaluation;
  for (const { row, error } of refusedPairs) output.refuse(`row ${row} of ${flags.pairs}`, error);
  for (const { photo, error } of refusedPhotos) output.refuse(photo, error);
  for (const photo of undetected) output.say(`no face in ${photo}`);
  if (flags.html !== undefined) await writeFileAtomic(flags.html, renderFaceEvaluation(evaluation));
  await output.result(evaluationToJson(evaluation));
  summarise(evaluation, output);
  return refusedPairs.length + refusedPhotos.length > 0 ? EXIT.refused : EXIT.done;
}

function summarise(
  { photos, undetected, verification, identification, groups }: FaceEvaluation,
  output: Output,
): void {
  const { accuracy, accuracyError, threshold, accuracyAt, auc, tarAtFar, equalErrorRate } = verification;
  output.say(
    `${photos} photos, no face in ${undetected.length}; ${verification.pairs} pairs, ${verification.same} same`,
  );
  output.say(
    `accuracy ${percent(accuracy, 2)} ± ${percent(accuracyError, 2)} at distance ${threshold.toFixed(3)} (folds),`,
  );
  output.say(
    `  ${percent(accuracyAt.value, 2)} at ${accuracyAt.threshold}; AUC ${auc.value.toFixed(4)}, EER ${percent(equalErrorRate.value, 2)}`,
  );
  for (const { far, value, low, high } of tarAtFar) {
    output.say(`TAR at FAR ${far}: ${percent(value, 2)} (${percent(low, 2)} to ${percent(high, 2)})`);
  }
  if (identification) {
    const { rank1, probes, enrolled } = identification;
    output.say(`rank 1: ${percent(rank1?.value ?? 0, 2)} of ${probes} probes among ${enrolled} people`);
  }
  for (const { column, groups: rows, contrasts } of groups) {
    for (const { group, people, ...shares } of rows) {
      const { accuracy: right, rank1, matched, defaults, falseMatch } = shares;
      const figures = `accuracy ${shareText(right)}, rank 1 ${shareText(rank1)}`;
      output.say(`${column} ${group}: ${people} people, ${figures},`);
      output.say(`  matched ${shareText(matched)}, defaults ${shareText(defaults)},`);
      output.say(`  different people accepted as one ${shareText(falseMatch)}`);
    }
    for (const contrast of contrasts) output.say(`${column}, ${describeContrast(contrast)}`);
  }
}

function shareText(share: Share): string {
  return share
    ? `${percent(share.value, 2)} (${percent(share.low, 2)} to ${percent(share.high, 2)})`
    : "none";
}
