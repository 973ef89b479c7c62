import type { Command } from "commander";
import { openCampaign } from "../../campaign/index.ts";
import { removeRun } from "../../cluster/index.ts";
import { type DatabaseFlags, withCluster, withDatabaseFlag } from "../cluster-flags.ts";
import type { Runner } from "../command.ts";
import { EXIT } from "../output.ts";
import { withKeyFlag } from "../privacy-flags.ts";

interface RemoveFlags extends DatabaseFlags {
  readonly campaign: string;
  readonly run: string;
  readonly keyFile?: string;
  readonly json?: boolean;
  readonly data?: string;
}

/** `lookalike cluster remove`. */
export function addRemove(parent: Command, run: Runner): void {
  withKeyFlag(
    withDatabaseFlag(
      parent.command("remove").description("remove a run that is not needed, with its shared files"),
    )
      .requiredOption("--campaign <yaml>", "the campaign, whose audit log gets what workers did")
      .requiredOption("--run <id>", "the run, as in `cluster status`")
      .option("--data <dir>", "the shared folder, if its path here differs")
      .option("--json", "print the run on stdout as JSON"),
  ).action(async (flags: RemoveFlags) =>
    run(flags, async ({ env, output }) =>
      withCluster(flags, env, async (cluster) => {
        const found = await cluster.runs.find(flags.run);
        await using opened = await openCampaign(flags.campaign, { keyFile: flags.keyFile, env });
        await removeRun(cluster, found, opened, { data: flags.data });
        output.say(`Removed ${found.id}`);
        await output.result({ run: found.id });
        return EXIT.done;
      }),
    ),
  );
}
