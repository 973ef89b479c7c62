import type { Command } from "commander";

/** Flags of every command that reads or writes personal data. */
export interface KeyFlags {
  readonly keyFile?: string | undefined;
}

/** Folder of the registry and the log: the campaign's privacy folder, or another one. */
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
