import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { loadRules } from "../../campaign/index.ts";
import { invalidOption, type LookalikeError, wrongUse } from "../../core/index.ts";
import {
  type AccessKey,
  type AccessKeys,
  findVault,
  openAccessKeys,
  privacyFiles,
  SCOPES,
  type Scope,
} from "../../trust/index.ts";
import type { AddCommand, CommandContext, Runner } from "../command.ts";
import { wholeNumber } from "../flag-values.ts";
import { momentOption } from "../moment.ts";
import { EXIT } from "../output.ts";
import { type PrivacyFlags, withPrivacyFlags } from "../privacy-flags.ts";

interface TokenFlags extends PrivacyFlags {
  readonly json?: boolean;
}

interface CreateFlags extends TokenFlags {
  readonly name?: string;
  readonly scope: readonly Scope[];
  readonly perMinute?: number;
  readonly expires?: string;
}

/** `lookalike token`: creates, lists and revokes the keys of `serve` and `review`. */
export const addToken: AddCommand = (program, run) => {
  const token = program.command("token").description("create, list and revoke keys of serve and review");
  addCreate(token, run);
  addList(token, run);
  addRevoke(token, run);
};

function addCreate(token: Command, run: Runner): void {
  withPrivacyFlags(
    token
      .command("create")
      .description("create a key; it is shown once and stored as a hash")
      .addOption(
        new Option("--scope <name...>", "decide, outcome, review, admin")
          .choices(SCOPES)
          .makeOptionMandatory(),
      )
      .option("--name <text>", "name of the key's owner, shown in reviews (default: the scopes)")
      .option("--per-minute <n>", "requests per minute (default: 120000)", wholeNumber)
      .option("--expires <date>", "date on which the key expires, at the start of the day (UTC)"),
  )
    .option("--json", "print the key on stdout as JSON")
    .action(async (flags: CreateFlags) =>
      run(flags, (context) =>
        withKeys(flags, context, async (keys) => {
          const { scope: scopes, name = scopes.join(" and "), perMinute } = flags;
          const { key, entry } = keys.create({
            name,
            scopes,
            perMinute,
            expiresAt: dateOf(flags),
            at: new Date(),
          });
          context.output.say(`Key ${entry.id} for ${name} (${scopes.join(", ")}); it is not shown again:`);
          context.output.say(key);
          await context.output.result({ ...plain(entry), key });
          return EXIT.done;
        }),
      ),
    );
}

function addList(token: Command, run: Runner): void {
  withPrivacyFlags(token.command("list").description("list the keys, without their secrets"))
    .option("--json", "print them on stdout as JSON Lines")
    .action(async (flags: TokenFlags) =>
      run(flags, (context) =>
        withStoredKeys(flags, context, async (keys) => {
          if (keys === null) context.output.say("No key was created");
          for (const entry of keys?.list() ?? []) {
            const { id, name, scopes, expiresAt } = entry;
            const until = expiresAt === null ? "" : ` until ${expiresAt.toISOString()}`;
            context.output.say(`${id}  ${name}  ${scopes.join(", ")}${until}`);
            await context.output.result(plain(entry));
          }
          return EXIT.done;
        }),
      ),
    );
}

function unknownKey(id: string): LookalikeError {
  return invalidOption("the id of a key", "<id>", id, "List the keys with `lookalike token list`.");
}

function addRevoke(token: Command, run: Runner): void {
  withPrivacyFlags(
    token
      .command("revoke")
      .description("revoke a key immediately, in every process")
      .argument("<id>", "the key's id, from `token list`"),
  )
    .option("--json", "print the id on stdout as JSON")
    .action(async (id: string, flags: TokenFlags) =>
      run(flags, (context) =>
        withStoredKeys(flags, context, async (keys) => {
          if (keys?.revoke(id) !== true) throw unknownKey(id);
          context.output.say(`Key ${id} revoked`);
          await context.output.result({ id, revoked: true });
          return EXIT.done;
        }),
      ),
    );
}

async function withKeys<T>(
  flags: TokenFlags,
  { env }: CommandContext,
  work: (keys: AccessKeys) => Promise<T>,
): Promise<T> {
  const { access } = privacyFiles(await privacyFolder(flags));
  const keys = openAccessKeys(access, { vault: await findVault({ keyFile: flags.keyFile, env }) });
  try {
    return await work(keys);
  } finally {
    keys.close();
  }
}

/** The same without creating the file: null if there is none. */
async function withStoredKeys<T>(
  flags: TokenFlags,
  context: CommandContext,
  work: (keys: AccessKeys | null) => Promise<T>,
): Promise<T> {
  const folder = await privacyFolder(flags);
  if (existsSync(privacyFiles(folder).access)) return withKeys(flags, context, work);
  if (flags.privacy === undefined || existsSync(folder)) return work(null);
  throw invalidOption("a folder", "--privacy", flags.privacy, "Check the path: there is no such folder.");
}

async function privacyFolder({ campaign, privacy }: TokenFlags): Promise<string> {
  if (privacy !== undefined) return resolve(privacy);
  if (campaign !== undefined) return (await loadRules(campaign)).privacy.folder;
  throw wrongUse("--campaign or --privacy", "neither", "Pass the campaign that is served.");
}

function dateOf({ expires }: CreateFlags): Date | null {
  if (expires === undefined) return null;
  return momentOption("--expires", expires);
}

function plain({ id, name, scopes, perMinute, createdAt, expiresAt }: AccessKey) {
  return {
    id,
    name,
    scopes,
    per_minute: perMinute,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  };
}
