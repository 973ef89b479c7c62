import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { Option } from "commander";
import { type CampaignDraft, type DraftAnswers, draftCampaign, loadCampaign } from "../../campaign/index.ts";
import { isLookalikeError, LookalikeError, wrongUse } from "../../core/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import type { AddCommand, CommandContext } from "../command.ts";
import { names } from "../flag-values.ts";
import { EXIT, type Output } from "../output.ts";

interface InitFlags {
  readonly out: string;
  readonly customers?: string;
  readonly photos?: string;
  readonly defaultPhoto?: string;
  readonly calls?: string;
  readonly usage?: string;
  readonly experiment?: string;
  readonly name?: string;
  readonly brand?: string;
  readonly currency?: string;
  readonly product?: readonly string[];
  readonly url?: string;
  readonly crmConsent?: "accept" | "by_law" | "ignore";
  readonly id?: string;
  readonly portrait?: string;
  readonly consent?: string;
  readonly expires?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `lookalike init`: drafts a campaign file from the files in the folder. */
export const addInit: AddCommand = (program, run) => {
  program
    .command("init")
    .description("draft campaign.yaml from the customers' file and the photos")
    .option("--out <yaml>", "the new file", "campaign.yaml")
    .option("--customers <file>", "CSV, Parquet or JSON with one row per customer")
    .option(
      "--photos <dir>",
      "the campaign's photos (default: the folder with the most photos beside the new file)",
    )
    .option(
      "--default-photo <file>",
      "photo for customers without a look-alike (default: one named default, otherwise the first)",
    )
    .option("--calls <file>", "a call log")
    .option("--usage <file>", "a log of data usage")
    .option("--experiment <file>", "the log of a past campaign that assigned offers at random")
    .option("--name <text>", "the campaign's name")
    .option("--brand <text>", "the brand's name")
    .option("--currency <code>", "currency of margins and costs (default: EUR)")
    .option("--product <name...>", "offered products (default: the arms of the experiment log)")
    .option("--url <https>", "URL of the offers")
    .addOption(
      new Option("--crm-consent <how>", "how dates of consent in the customers' file count")
        .choices(["accept", "by_law", "ignore"])
        .default(undefined, "by_law"),
    )
    .option("--id <column>", "the customer's id (default: guessed, like the next three)")
    .option("--portrait <column>", "path of the customer's portrait")
    .option("--consent <column>", "when the customer agreed to face matching")
    .option("--expires <column>", "when that consent ends")
    .option("--force", "replace an existing file")
    .option("--json", "print the findings on stdout as JSON, without prompts")
    .action(async (flags: InitFlags) => run(flags, (context) => init(flags, context)));
};

async function init(flags: InitFlags, { output, ask }: CommandContext) {
  const path = resolve(flags.out);
  if (existsSync(path) && !(flags.force === true && /\.ya?ml$/i.test(path))) throw isThere(path);
  const draft = await draftCampaign(await answersOf(flags, path, { ask, output }));
  await writeFileAtomic(path, draft.text);
  const todo = [...draft.todo, ...(await missingFiles(path))];
  report(draft, path, todo, output);
  const { mapping, others } = draft.parts.customers;
  const { folder, count, fallback } = draft.parts.photos;
  await output.result({
    campaign: path,
    columns: mapping,
    features: others,
    photos: { folder, count, default: fallback },
    offers: draft.parts.offers.map(({ id }) => id),
    todo,
  });
  return EXIT.done;
}

/** Options take precedence over prompts, and prompts over detected values. */
async function answersOf(
  flags: InitFlags,
  path: string,
  { ask, output }: Pick<CommandContext, "ask" | "output">,
): Promise<DraftAnswers> {
  const { defaultPhoto, calls, usage, experiment, currency, url, crmConsent } = flags;
  const absolute = (file: string | undefined) => (file === undefined ? undefined : resolve(file));
  const answerTo = async (given: string | undefined, question: string, fallback = "") =>
    given ?? (ask === null ? undefined : (await ask(question, fallback)) || undefined);
  /** Repeats the question until the answer exists or is empty. */
  const answerFile = async (given: string | undefined, question: string, fallback = "") => {
    for (;;) {
      const answer = await answerTo(given, question, fallback);
      if (given !== undefined || answer === undefined || existsSync(answer)) return answer;
      output.say(`${resolve(answer)} does not exist`);
    }
  };
  const customers = await answerFile(flags.customers, "Customers' file", await findTable(dirname(path)));
  if (customers === undefined) throw noCustomers();
  const log = await answerFile(experiment, "Log of a past campaign with random offers, if any");
  const words = await answerTo(flags.product?.join(","), "Offered products, separated by commas");
  const columns = {
    ...(flags.id && { customer_id: flags.id }),
    ...(flags.portrait && { photo: flags.portrait }),
    ...(flags.consent && { consent_biometric: flags.consent }),
    ...(flags.expires && { consent_expires: flags.expires }),
  };
  return {
    path,
    customers: resolve(customers),
    name: await answerTo(flags.name, "Name of the campaign", basename(dirname(path))),
    brand: await answerTo(flags.brand, "Name of the brand"),
    photos: absolute(await answerFile(flags.photos, "Folder of the campaign's photos (empty: search)")),
    defaultPhoto: absolute(defaultPhoto),
    calls: absolute(calls),
    usage: absolute(usage),
    experiment: absolute(log),
    products: flags.product ?? (words === undefined ? undefined : names(words)),
    currency,
    url,
    crmConsent,
    columns,
  };
}

/** A table whose name suggests customers, as a relative path; empty: none. */
async function findTable(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => /\.(?:csv|tsv|parquet|jsonl?)(?:\.gz)?$/i.test(name)).sort();
  const name = found.find((each) => /customer|crm|subscriber|client|member|contact/i.test(each));
  return name === undefined ? "" : relative("", resolve(folder, name));
}

/** Reads the draft like any campaign and lists the files in it that the user must still provide. */
async function missingFiles(path: string): Promise<readonly string[]> {
  try {
    await loadCampaign(path);
    return [];
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    const [message = "", ...problems] = error.message.split("\n");
    return problems.length === 0 ? [message] : problems.map((problem) => problem.trim());
  }
}

function report({ parts }: CampaignDraft, path: string, todo: readonly string[], output: Output): void {
  const { customers, photos, offers } = parts;
  output.say(`${path} is drafted`);
  for (const [role, column] of Object.entries(customers.mapping)) output.say(`  ${role}: column ${column}`);
  output.say(`  features: ${customers.others.join(", ") || "none"}`);
  output.say(
    photos.folder === null
      ? "  no photos were found"
      : `  ${photos.count} ${photos.count === 1 ? "photo" : "photos"} in ${relative("", photos.folder) || "."}`,
  );
  output.say(`  offers: ${offers.map(({ id }) => id).join(", ")}`);
  output.say("Before the first run:");
  for (const line of todo) output.say(`  ${line}`);
  output.say(`Then: lookalike check --campaign ${relative("", path)}`);
}

function isThere(path: string): LookalikeError {
  return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Expected a new file but ${path} exists`, {
    hint: "Name another with --out, or pass --force to replace a file .yaml.",
  });
}

function noCustomers(): LookalikeError {
  return wrongUse(
    "--customers",
    "none",
    "Example: lookalike init --customers crm.csv --photos photos --brand Lumo",
  );
}
