import type { Command } from "commander";
import type { AddCommand, Runner } from "./command.ts";

/** A command in the program's help, and how to load the rest of it. */
interface CommandEntry {
  /** One line of help. */
  readonly does: string;
  readonly load: () => Promise<AddCommand>;
}

/**
 * Every command by its name. A command's module is loaded when the command is called: one command needs networks,
 * another typesetting, and help needs neither.
 */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  init: {
    does: "draft campaign.yaml from the customers' file and the photos",
    load: async () => (await import("./commands/init.ts")).addInit,
  },
  embed: {
    does: "detect, align and embed the faces of photos; one line per photo, in input order",
    load: async () => (await import("./commands/embed.ts")).addEmbed,
  },
  index: {
    does: "update a gallery from folders and photos; unchanged photos are not read again",
    load: async () => (await import("./commands/index-photos.ts")).addIndex,
  },
  match: {
    does: "find the gallery's photos whose faces resemble the main face of each photo",
    load: async () => (await import("./commands/match.ts")).addMatch,
  },
  judge: {
    does: "collect people's judgements of resemblance on a local page",
    load: async () => (await import("./commands/judge.ts")).addJudge,
  },
  metric: {
    does: "train a metric of resemblance on the judgements that `judge` collected",
    load: async () => (await import("./commands/metric.ts")).addMetric,
  },
  train: {
    does: "train the offer model, from a campaign's logs or from one experiment log",
    load: async () => (await import("./commands/train.ts")).addTrain,
  },
  score: {
    does: "score every offer for every customer; one line per customer, in input order",
    load: async () => (await import("./commands/score.ts")).addScore,
  },
  generate: {
    does: "choose offer and photo for each customer and make the ads; one line per customer",
    load: async () => (await import("./commands/generate.ts")).addGenerate,
  },
  cluster: {
    does: "distribute one run to many machines over PostgreSQL: plan, status, merge, remove",
    load: async () => (await import("./commands/cluster.ts")).addCluster,
  },
  worker: {
    does: "work on shards of runs that `cluster plan` wrote, on any number of machines",
    load: async () => (await import("./commands/worker.ts")).addWorker,
  },
  preview: {
    does: "draw one offer with one photo in every channel of a campaign, on one sheet",
    load: async () => (await import("./commands/preview.ts")).addPreview,
  },
  plan: {
    does: "compute which effects a campaign's experiment can show, before it runs",
    load: async () => (await import("./commands/plan.ts")).addPlan,
  },
  results: {
    does: "test whether a campaign's ads sold more",
    load: async () => (await import("./commands/results.ts")).addResults,
  },
  export: {
    does: "write a finished run as files for a marketing tool, in the tool's own columns",
    load: async () => (await import("./commands/export.ts")).addExport,
  },
  consent: {
    does: "import, list and withdraw consents",
    load: async () => (await import("./commands/consent.ts")).addConsent,
  },
  serve: {
    does: "answer over HTTP which ad a customer gets",
    load: async () => (await import("./commands/serve.ts")).addServe,
  },
  review: {
    does: "open the pages on which people approve ads",
    load: async () => (await import("./commands/serve.ts")).addReview,
  },
  check: {
    does: "count what generate would decide, without drawing",
    load: async () => (await import("./commands/check.ts")).addCheck,
  },
  token: {
    does: "create, list and revoke the keys of serve and review",
    load: async () => (await import("./commands/token.ts")).addToken,
  },
  erase: {
    does: "erase a customer, a photo or a model release, and block later imports",
    load: async () => (await import("./commands/erase.ts")).addErase,
  },
  purge: {
    does: "remove what is older than the campaign's retention allows",
    load: async () => (await import("./commands/purge.ts")).addPurge,
  },
  releases: {
    does: "list photos whose release has ended or does not apply here, with the creatives to take down",
    load: async () => (await import("./commands/releases.ts")).addReleases,
  },
  why: {
    does: "explain in plain words why a customer is shown an ad",
    load: async () => (await import("./commands/why.ts")).addWhy,
  },
  notice: {
    does: "draft the privacy notice for the people whose photos are compared",
    load: async () => (await import("./commands/why.ts")).addNotice,
  },
  audit: {
    does: "verify and read the log of what was done",
    load: async () => (await import("./commands/audit.ts")).addAudit,
  },
  key: {
    does: "make keys",
    load: async () => (await import("./commands/key.ts")).addKey,
  },
  rekey: {
    does: "encrypt all personal data of a campaign, or change its key; if interrupted, run it again",
    load: async () => (await import("./commands/key.ts")).addRekey,
  },
  doctor: {
    does: "check install, engine, fonts, disk, key, gallery and privacy files",
    load: async () => (await import("./commands/doctor.ts")).addDoctor,
  },
  evaluate: {
    does: "measure how well a stage works, on data with known answers",
    load: async () => (await import("./commands/evaluate.ts")).addEvaluate,
  },
  report: {
    does: "report what the logs show, without a model",
    load: async () => (await import("./commands/report.ts")).addReport,
  },
  completion: {
    does: "print a script that completes commands and options in bash, zsh or fish",
    load: async () => (await import("./commands/completion.ts")).completionOf(COMMANDS),
  },
};

/**
 * Adds the command of a command line. Without one, adds all commands with name and help only, which is enough
 * to list them and to suggest the right spelling.
 */
export async function addCommands(program: Command, args: readonly string[], run: Runner): Promise<void> {
  const [first = "", second = ""] = args;
  const name = first === "help" ? second : first;
  const called = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (called !== undefined) {
    (await called.load())(program, run);
    for (const command of program.commands) command.description(called.does);
    return;
  }
  for (const [each, { does }] of Object.entries(COMMANDS)) program.command(each).description(does);
}
