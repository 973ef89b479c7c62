import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../../src/core/index.ts";
import { openNetwork } from "../../../src/customers/network/open.ts";
import { simulateNetwork } from "../../simulate/network.ts";

const WORLDS = [
  { name: "contagion and homophily", contagion: 0.5, homophily: 0.6 },
  { name: "contagion alone", contagion: 0.5, homophily: 0 },
  { name: "homophily alone", contagion: 0, homophily: 0.6 },
  { name: "neither", contagion: 0, homophily: 0 },
] as const;

/** How often the contact of the most influence is the one that a person was made to follow. */
export async function benchInfluence(people: number, seeds: readonly number[] = [1, 2, 3]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-influence-"));
  try {
    const rows = [];
    for (const { name, ...world } of WORLDS) {
      for (const seed of seeds)
        rows.push({ world: name, seed, ...(await measure(folder, { ...world, seed, people })) });
    }
    console.log(`\nWho made a person buy: precision of the first contact, %, ${people} people, 24 months`);
    console.table(rows);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface World {
  readonly people: number;
  readonly seed: number;
  readonly contagion: number;
  readonly homophily: number;
}

async function measure(folder: string, { people, seed, contagion, homophily }: World) {
  const world = simulateNetwork({ people, months: 24, seed, contagion, homophily });
  const source = join(folder, `calls-${seed}-${contagion}-${homophily}.csv`);
  await writeFile(source, world.calls);
  const network = await openNetwork({ calls: { source }, people: world.ids });
  try {
    const { contagion: found, of } = await network.influence();
    const influencers = await of(world.ids);
    const rows = await network.database.all(
      "SELECT p.id, q.id AS contact FROM network_arcs x JOIN network_people p ON p.n = x.i JOIN network_people q ON q.n = x.j ORDER BY x.strength DESC, q.id",
    );
    const contactsOf = new Map<string, typeof rows>();
    for (const row of rows) contactsOf.set(String(row.id), [...(contactsOf.get(String(row.id)) ?? []), row]);
    const random = createRandom(seed);
    const truth = (person: number) => world.ids[world.influencer[person] ?? -1];
    const hits = { random: 0, strongest: 0, influence: 0 };
    let asked = 0;
    for (const [person, id] of world.ids.entries()) {
      const contacts = (contactsOf.get(id) ?? []).map(({ contact }) => String(contact));
      // Of people whose influencer is among the ties that can be seen.
      if (!contacts.includes(truth(person) ?? "")) continue;
      asked++;
      if (contacts[Math.floor(random() * contacts.length)] === truth(person)) hits.random++;
      if (contacts[0] === truth(person)) hits.strongest++;
      const [first] = influencers.get(id) ?? [];
      if (first?.contact === truth(person)) hits.influence++;
    }
    const percent = (count: number) => ((100 * count) / asked).toFixed(1);
    return {
      z: found.z.toFixed(1),
      named: influencers.size,
      asked,
      random: percent(hits.random),
      strongest: percent(hits.strongest),
      influence: percent(hits.influence),
      ratio: (hits.influence / hits.strongest).toFixed(2),
    };
  } finally {
    await network.close();
  }
}
