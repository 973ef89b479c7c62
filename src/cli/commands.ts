import type { Command } from "commander";
import { addAudit } from "./audit.ts";
import { addConsent } from "./consent.ts";
import { addDoctor } from "./doctor.ts";
import { addEmbed } from "./embed.ts";
import { addErase } from "./erase.ts";
import { addEvaluate } from "./evaluate.ts";
import { addExport } from "./export.ts";
import { addGenerate } from "./generate.ts";
import { addIndex } from "./index-photos.ts";
import { addKey, addRekey } from "./key.ts";
import { addMatch } from "./match.ts";
import type { ExitStatus, Output } from "./output.ts";
import { addPreview } from "./preview.ts";
import { addPurge } from "./purge.ts";
import { addReleases } from "./releases.ts";
import { addReport } from "./report.ts";
import { addScore } from "./score.ts";
import { addTrain } from "./train.ts";
import { addNotice, addWhy } from "./why.ts";

/** What a command's action receives. */
export interface CommandContext {
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs a command's action and keeps its exit status. */
export type Runner = (
  options: { readonly json?: boolean },
  action: (context: CommandContext) => Promise<ExitStatus>,
) => Promise<void>;

/** Adds one command to the program; one file per command. */
export type AddCommand = (program: Command, run: Runner) => void;

export const COMMANDS: readonly AddCommand[] = [
  addEmbed,
  addIndex,
  addMatch,
  addTrain,
  addScore,
  addGenerate,
  addPreview,
  addExport,
  addConsent,
  addErase,
  addPurge,
  addReleases,
  addWhy,
  addNotice,
  addAudit,
  addKey,
  addRekey,
  addDoctor,
  addEvaluate,
  addReport,
];
