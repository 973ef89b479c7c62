import type { Command } from "commander";

/** The flags of every command that reads or writes personal data. */
export interface KeyFlags {
  readonly keyFile?: string | undefined;
}

/** Where the registry and the log are: in the campaign's privacy folder, or in one that is named. */
export interface PrivacyFlags extends KeyFlags {
  readonly campaign?: string;
  readonly privacy?: string;
}

export function withKeyFlag(command: Command): Command {
  return command.option(
    "--key-file <file>",
    "the key that gallery, consents, decisions and audit log are encrypted with (default: LOOKALIKE_KEY_FILE)",
  );
}

export function withPrivacyFlags(command: Command): Command {
  return withKeyFlag(command)
    .option("--campaign <yaml>", "the campaign, for its privacy folder")
    .option("--privacy <dir>", "the folder with the consent registry and the audit log");
}
