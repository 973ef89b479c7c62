import { addAudit } from "./audit.ts";
import type { AddCommand } from "./command.ts";
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
import { addPreview } from "./preview.ts";
import { addPurge } from "./purge.ts";
import { addReleases } from "./releases.ts";
import { addReport } from "./report.ts";
import { addScore } from "./score.ts";
import { addTrain } from "./train.ts";
import { addNotice, addWhy } from "./why.ts";

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
