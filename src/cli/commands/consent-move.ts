import { resolve } from "node:path";
import type { Command } from "commander";
import { loadRules } from "../../campaign/index.ts";
import { actorOf, findVault, moveConsents, openAudit, privacyFiles } from "../../trust/index.ts";
import { type DatabaseFlags, databaseOf, withDatabaseFlag } from "../cluster-flags.ts";
import type { Runner } from "../command.ts";
import { EXIT } from "../output.ts";
import { type PrivacyFlags, withPrivacyFlags } from "../privacy-flags.ts";

interface MoveFlags extends PrivacyFlags, DatabaseFlags {
  readonly json?: boolean;
}

/** `lookalike consent move`: moves a registry from a file to a PostgreSQL. */
export function addMove(consent: Command, run: Runner): void {
  withDatabaseFlag(
    withPrivacyFlags(
      consent.command("move").description("move the registry from its file into an empty PostgreSQL"),
    ),
  )
    .option("--json", "print what was moved on stdout as JSON")
    .action(async (flags: MoveFlags) =>
      run(flags, async ({ output, env }) => {
        const campaign = flags.campaign === undefined ? null : await loadRules(flags.campaign);
        const database = flags.database ?? campaign?.privacy.database ?? undefined;
        const url = databaseOf(database === undefined ? {} : { database }, env);
        const files = privacyFiles(resolve(flags.privacy ?? campaign?.privacy.folder ?? "privacy"));
        const vault = await findVault({ keyFile: flags.keyFile, env });
        const { file, ...counts } = await moveConsents(files.consents, url, { vault });
        const audit = openAudit(files.audit, { vault, actor: actorOf(env) });
        audit.append("consent.move", { detail: counts });
        audit.close();
        const { consents, withdrawals, old_withdrawals, erased } = counts;
        output.say(
          `Moved ${consents} records, ${withdrawals + old_withdrawals} withdrawals and ${erased} erased customers, and read them back.`,
        );
        output.say(`Set privacy.database in the campaign. Then delete ${file}: it is not used any more.`);
        await output.result({ ...counts, file });
        return EXIT.done;
      }),
    );
}
