import { loadCampaign } from "../campaign/index.ts";
import { eraseFromRuns, openCluster } from "../cluster/index.ts";
import type { Vault } from "../trust/index.ts";
import type { DatabaseFlags } from "./cluster-flags.ts";
import type { CommandContext } from "./command.ts";

interface EraseFlags extends DatabaseFlags {
  readonly campaign?: string;
}

/**
 * Removes an erased customer from cluster runs that are not merged. Does nothing without a database from a
 * flag, the environment or the campaign's registry.
 */
export async function eraseFromCluster(
  target: { readonly kind: string; readonly id?: string },
  flags: EraseFlags,
  { env, output, vault }: Pick<CommandContext, "env" | "output"> & { readonly vault: Vault | null },
): Promise<void> {
  if (target.kind !== "customer" || target.id === undefined) return;
  const registry =
    flags.campaign === undefined ? null : (await loadCampaign(flags.campaign)).privacy.database;
  const database = flags.database ?? (env.LOOKALIKE_DATABASE || registry);
  if (!database) return;
  const cluster = await openCluster(database);
  try {
    const { runs, files } = await eraseFromRuns(cluster, target.id, vault);
    if (files > 0) output.say(`Removed from ${files} files of shared runs: ${runs.join(", ")}`);
  } finally {
    await cluster.close();
  }
}
