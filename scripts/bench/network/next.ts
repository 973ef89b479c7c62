import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCustomers, type TransitionTable } from "../../../src/customers/index.ts";
import { trainOffers } from "../../../src/offers/index.ts";
import { NETWORK_MAKERS, simulateNetwork } from "../../simulate/network.ts";

const WORLDS = [
  { name: "contagion and homophily", contagion: 0.5, homophily: 0.6 },
  { name: "homophily alone", contagion: 0, homophily: 0.6 },
  { name: "neither", contagion: 0, homophily: 0 },
] as const;

/** What ties add to the next purchase: log-loss on the latest 20 % of purchases, with and without their columns. */
export async function benchNext(people: number, seeds: readonly number[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-next-"));
  try {
    const rows = [];
    for (const { name, ...world } of WORLDS) {
      for (const seed of seeds) {
        const { ids, calls } = simulateNetwork({ people, months: 24, seed, ...world });
        const source = join(folder, "calls.csv");
        await writeFile(source, calls);
        const table = await read(source, ids);
        const isFriend = (column: string) => column.startsWith("friend");
        const isContact = (column: string) => column.startsWith("contact_share_");
        const [all, own, bare] = [
          await lossOf(table, () => true),
          await lossOf(table, (column) => !isFriend(column)),
          await lossOf(table, (column) => !isFriend(column) && !isContact(column)),
        ];
        rows.push({
          world: name,
          seed,
          "no contacts": bare.toFixed(4),
          "contact shares": own.toFixed(4),
          "with ties": all.toFixed(4),
          gain: (own - all).toFixed(4),
          "gain on none": (bare - all).toFixed(4),
        });
      }
    }
    console.log(`\nLog-loss of the next handset, ${people} people, 24 months`);
    console.table(rows);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function read(source: string, people: readonly string[]): Promise<TransitionTable> {
  const customers = await openCustomers({ calls: { source }, network: { people } });
  try {
    return await customers.transitions();
  } finally {
    await customers.close();
  }
}

async function lossOf(table: TransitionTable, keeps: (column: string) => boolean): Promise<number> {
  const columns = new Map([...table.features.columns].filter(([name]) => keeps(name)));
  const transitions = { ...table, features: { ...table.features, columns } };
  const offers = NETWORK_MAKERS.map((product) => ({
    id: product.toLowerCase(),
    product,
    margin: 1,
    cost: 0,
  }));
  const { model } = await trainOffers({ transitions, offers }, { createdAt: new Date(0), seed: 1 });
  const contest = model.metrics.next?.contest;
  if (contest == null) throw new Error("too few purchases for a contest");
  return contest.test[contest.chosen].logLoss;
}
