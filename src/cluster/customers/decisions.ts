import type {
  BudgetShares,
  CampaignParts,
  FinishedDecision,
  RunBatch,
  ShardDecider,
} from "../../campaign/index.ts";
import type { ShardOutput } from "../types.ts";
import type { PerformedShard, WorkOptions } from "../work.ts";

interface Deciding {
  readonly customers: readonly RunBatch[];
  readonly shares: BudgetShares | null;
  readonly decider: ShardDecider;
  readonly opened: CampaignParts;
  readonly options: Pick<WorkOptions, "now">;
  readonly onProgress: () => void;
}

type WriteDecisions = (
  decisions: readonly FinishedDecision[],
  revision: number,
) => Promise<ShardOutput["files"][number]>;

/**
 * Decides for a shard. If the registry has changed by the time of the commit, only customers whose consent
 * changed are decided for again: after a withdrawal they get the default photo; after an erasure they are
 * removed.
 */
export async function performDecisions(deciding: Deciding, write: WriteDecisions): Promise<PerformedShard> {
  const { customers, decider, shares, opened, options, onProgress } = deciding;
  const { consents, campaign } = opened;
  const ids = customers.flatMap(({ batch, members }) => members.map(({ row }) => batch.ids[row] ?? ""));
  const standingNow = () => {
    const { crmConsent } = campaign.privacy;
    return consents.stopped(ids, { at: options.now(), crmConsent });
  };
  const byId = new Map<string, FinishedDecision>();
  const decide = async (parts: readonly RunBatch[]) => {
    for await (const each of decider.decide(toAsync(parts), shares)) {
      byId.set(each.decision.customer_id, each);
      onProgress();
    }
  };
  const outputOf = async (version: number, revision: number): Promise<ShardOutput> => {
    const present = ids.flatMap((id) => byId.get(id) ?? []);
    return { files: [await write(present, revision)], rows: present.length, consents: version };
  };
  let version = consents.version;
  let standing = standingNow();
  let revision = 0;
  await decide(customers);
  return {
    output: await outputOf(version, revision),
    async revise() {
      version = consents.version;
      const before = standing;
      standing = standingNow();
      const changed = new Set(ids.filter((id) => standing.get(id) !== before.get(id)));
      for (const id of changed) byId.delete(id);
      await decide(
        customers.map(({ batch, members }) => {
          return { batch, members: members.filter(({ row }) => changed.has(batch.ids[row] ?? "")) };
        }),
      );
      revision++;
      return outputOf(version, revision);
    },
  };
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
