import { loadRules, rekeyAll } from "../../campaign/index.ts";
import { actorOf, findVault, writeKeyFile } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT } from "../output.ts";

/** `lookalike key new`: creates a key. */
export const addKey: AddCommand = (program, run) => {
  program
    .command("key")
    .command("new")
    .description(
      "write a new random key, readable only by you; keep a copy: without it the data cannot be read",
    )
    .argument("<file>", "a file that does not exist yet")
    .option("--json", "print the key's id on stdout as JSON")
    .action(async (file: string, flags: { readonly json?: boolean }) =>
      run(flags, async ({ output }) => {
        const { keyId } = await writeKeyFile(file);
        output.say(`Key ${keyId} written to ${file}`);
        await output.result({ file, key_id: keyId });
        return EXIT.done;
      }),
    );
};

interface RekeyFlags {
  readonly campaign: string;
  readonly out?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `lookalike rekey`: encrypts, changes the key, or decrypts. */
export const addRekey: AddCommand = (program, run) => {
  program
    .command("rekey")
    .requiredOption("--campaign <yaml>", "the campaign")
    .option("--out <dir...>", "output folders of generate")
    .option("--from <file>", "the current key (default: none, the files are not encrypted)")
    .option("--to <file>", "the new key (default: none, decrypt)")
    .option("--json", "print the files on stdout as JSON")
    .action(async (flags: RekeyFlags) =>
      run(flags, async ({ output, env }) => {
        const campaign = await loadRules(flags.campaign);
        const from = await findVault({ keyFile: flags.from });
        const to = await findVault({ keyFile: flags.to });
        const outs = flags.out ?? [];
        const changed = await rekeyAll({ campaign, outs, from, to, actor: actorOf(env) });
        for (const path of changed) output.say(path);
        const now = to === null ? "in clear now" : `under key ${to.keyId}`;
        output.say(`${changed.length} files are ${now}`);
        await output.result({ changed, key_id: to?.keyId ?? null });
        return EXIT.done;
      }),
    );
};
