import type { AddCommand } from "./command.ts";

/**
 * Every command by its name, loaded when it is called for: what one needs, from networks to typesetting, the others need
 * not wait for.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  embed: async () => (await import("./embed.ts")).addEmbed,
  index: async () => (await import("./index-photos.ts")).addIndex,
  match: async () => (await import("./match.ts")).addMatch,
  train: async () => (await import("./train.ts")).addTrain,
  score: async () => (await import("./score.ts")).addScore,
  generate: async () => (await import("./generate.ts")).addGenerate,
  preview: async () => (await import("./preview.ts")).addPreview,
  export: async () => (await import("./export.ts")).addExport,
  consent: async () => (await import("./consent.ts")).addConsent,
  erase: async () => (await import("./erase.ts")).addErase,
  purge: async () => (await import("./purge.ts")).addPurge,
  releases: async () => (await import("./releases.ts")).addReleases,
  why: async () => (await import("./why.ts")).addWhy,
  notice: async () => (await import("./why.ts")).addNotice,
  audit: async () => (await import("./audit.ts")).addAudit,
  key: async () => (await import("./key.ts")).addKey,
  rekey: async () => (await import("./key.ts")).addRekey,
  doctor: async () => (await import("./doctor.ts")).addDoctor,
  evaluate: async () => (await import("./evaluate.ts")).addEvaluate,
  report: async () => (await import("./report.ts")).addReport,
};

/** The command that a command line calls; all of them where it calls none, to help or to say which there are. */
export async function loadCommands(args: readonly string[]): Promise<readonly AddCommand[]> {
  const [name = ""] = args;
  if (name === "--version" || name === "-V") return [];
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return load === undefined ? Promise.all(Object.values(COMMANDS).map((each) => each())) : [await load()];
}
