import { loadRules } from "../../campaign/index.ts";
import { type Cluster, eraseFromRuns } from "../../cluster/index.ts";
import type { Vault } from "../../trust/index.ts";
import { type DatabaseFlags, withCluster } from "../cluster-flags.ts";
import type { CommandContext } from "../command.ts";

interface EraseFlags extends DatabaseFlags {
  readonly campaign?: string;
}

/**
 * Lists the runs whose shared files may still show an erased photo: their copy of the gallery has its faces. They cannot
 * be merged any more.
 */
export async function listRunsWithPhotos(
  flags: EraseFlags,
  { env, output }: Pick<CommandContext, "env" | "output">,
): Promise<void> {
  await withDatabase(flags, env, async ({ runs }) => {
    for (const { id, state, settings } of await runs.list()) {
      if (state === "merged" && settings.isKept !== true) continue;
      output.say(
        `note: the shared files of ${id} may contain the photo; if so, remove them: lookalike cluster remove --campaign <yaml> --run ${id}`,
      );
    }
  });
}

/**
 * Removes an erased customer from the shared files of cluster runs. Does nothing without a database from a
 * flag, the environment or the campaign's registry.
 */
export async function eraseFromCluster(
  customerId: string,
  flags: EraseFlags,
  { env, output, vault }: Pick<CommandContext, "env" | "output"> & { readonly vault: Vault | null },
): Promise<void> {
  await withDatabase(flags, env, async (cluster) => {
    const { runs, files } = await eraseFromRuns(cluster, customerId, vault);
    if (files > 0) output.say(`Removed from ${files} files of shared runs: ${runs.join(", ")}`);
  });
}

async function withDatabase(
  { campaign, database: named }: EraseFlags,
  env: CommandContext["env"],
  work: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const registry = campaign === undefined ? null : (await loadRules(campaign)).privacy.database;
  const database = named ?? (env.LOOKALIKE_DATABASE || registry);
  if (database) await withCluster({ database }, env, work);
}
