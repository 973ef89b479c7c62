import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../../src/core/index.ts";
import { type OpenedNetwork, openNetwork } from "../../../src/customers/network/open.ts";
import { NETWORK_MAKERS, START, simulateNetwork } from "../../simulate/network.ts";
import { type History, mostProbable } from "./oracle.ts";

const WORLDS = [
  { name: "contagion and homophily", contagion: 0.5, homophily: 0.6 },
  { name: "contagion alone", contagion: 0.5, homophily: 0 },
  { name: "homophily alone", contagion: 0, homophily: 0.6 },
  { name: "neither", contagion: 0, homophily: 0 },
] as const;

const MONTHS = 24;

/**
 * How often the contact of the most influence is the one that a person was made to follow; `at best`: who knows the simulation's
 * law, by what the log shows and by every purchase with its day.
 */
export async function benchInfluence(people: number, seeds: readonly number[] = [1, 2, 3]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-influence-"));
  try {
    const rows = [];
    for (const { name, ...world } of WORLDS) {
      for (const seed of seeds)
        rows.push({ world: name, seed, ...(await measure(folder, { ...world, seed, people })) });
    }
    console.log(
      `\nWho made a person buy: precision of the first contact, %, ${people} people, ${MONTHS} months`,
    );
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
  const world = simulateNetwork({ people, months: MONTHS, seed, contagion, homophily });
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
    const visible = world.ids.map((id) =>
      (contactsOf.get(id) ?? []).map(({ contact }) => world.ids.indexOf(String(contact))),
    );
    const oracle = { world, months: MONTHS, contagion, homophily };
    const atBest = (histories: readonly History[]) =>
      contagion === 0 ? [] : mostProbable(oracle, histories, visible);
    const [byLog, byAll] = [
      atBest(await readHistories(network.database, world.ids)),
      atBest(world.ids.map((_, person) => world.purchases.filter((each) => each.person === person))),
    ];
    const hits = { random: 0, strongest: 0, influence: 0, byLog: 0, byAll: 0 };
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
      if (byLog[person] === world.influencer[person]) hits.byLog++;
      if (byAll[person] === world.influencer[person]) hits.byAll++;
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
      "at best, by the log": percent(hits.byLog),
      "by every purchase": percent(hits.byAll),
    };
  } finally {
    await network.close();
  }
}

/** What everybody owned by the log, as influence reads it. */
async function readHistories(
  database: OpenedNetwork["database"],
  ids: readonly string[],
): Promise<readonly History[]> {
  const rows =
    await database.all(`SELECT p.id, m.label, epoch(s.since)::DOUBLE / 86400 AS day FROM network_spells s
    JOIN network_people p ON p.n = s.n JOIN manufacturers m ON m.code = s.maker ORDER BY s.number`);
  const found = new Map<string, { day: number; maker: number }[]>(ids.map((id) => [id, []]));
  const names: readonly string[] = NETWORK_MAKERS;
  for (const { id, label, day } of rows) {
    const maker = names.indexOf(String(label));
    found.get(String(id))?.push({ day: Number(day) - START, maker });
  }
  return [...found.values()];
}
