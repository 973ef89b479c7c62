import type { Database } from "../../io/duckdb/index.ts";
import { rankEarliness } from "./earliness.ts";
import { coreNumbers, createGraph, type Graph, pageRank, percentilesNear } from "./graph.ts";
import { estimateLeaders } from "./leaders.ts";
import { prepareSpells } from "./spells.ts";

/** Friends' purchases must be close in time more often than by chance by this number of standard errors. */
const LEAST_Z = 3;
/** Days between two purchases that are close. */
const CLOSE_DAYS = 90;

/** Whether friends buy the same within `CLOSE_DAYS` more often than people who bought the same at other times. */
interface Contagion {
  /** Pairs of friends who both bought handsets of one maker. */
  readonly pairs: number;
  /** Pairs whose purchases are at most `CLOSE_DAYS` apart. */
  readonly close: number;
  /**
   * Expected number of close pairs if each purchase had happened at the time of another purchase of the same
   * maker.
   */
  readonly expected: number;
  readonly z: number;
  /** If false, no contact has influence. */
  readonly isFound: boolean;
}

/** The influence of one contact on what a person buys. */
interface Influencer {
  readonly contact: string;
  /** share^0.5 x earliness x leads; comparable between the contacts of one person. */
  readonly influence: number;
  /** Share of the contact in the strength of the person's ties, in (0, 1]. */
  readonly share: number;
  /**
   * How often the person bought what the contact had bought before, relative to chance: 1 is neutral, more
   * indicates influence.
   */
  readonly earliness: number;
  /** How often others follow the contact, relative to what their tie strengths suggest; 1 is neutral. */
  readonly leads: number;
  /** Percentile of the contact's PageRank among those within two steps of the person; without weight, as the k-shell. */
  readonly rank: number;
  readonly kShell: number;
}

export interface Influence {
  readonly contagion: Contagion;
  /** Contacts of each of these people, the most influence first; empty if no contagion is found. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Influencer[]>>;
}

/**
 * Influence of contact j on person i: the square root of j's share of i's tie strength x a likelihood ratio
 * of how early j bought handsets that i bought later x how often others follow j (`estimateLeaders`).
 *
 * Homophily makes friends buy the same, but not at the same time: no contact has influence unless friends'
 * purchases are closer in time than those of strangers who bought the same (the shuffle test of
 * Anagnostopoulos, Kumar and Mahdian 2008, "Influence and correlation in social networks"). Chance is
 * estimated from what the whole population bought in the same days, so the growth of a maker gives no contact
 * a high earliness.
 *
 * Needs the tables of `buildTies` and the timeline of handsets.
 */
export async function measureInfluence(database: Database): Promise<Influence> {
  await prepareSpells(database);
  await database.run(`CREATE OR REPLACE TABLE network_adoptions AS
    SELECT n, maker, since, epoch(since)::DOUBLE / 86400 AS day FROM network_spells WHERE number > 1`);
  const contagion = await measureContagion(database);
  if (!contagion.isFound) return { contagion, of: async () => new Map() };
  await rankEarliness(database);
  const { graph, earliness } = await readGraph(database);
  const circles = {
    graph,
    earliness,
    leads: estimateLeaders(graph, Float64Array.from(graph.share, Math.sqrt), earliness),
    ids: await readIds(database),
    ranks: pageRank(graph),
    shells: coreNumbers(graph),
  };
  return { contagion, of: influencersIn(circles) };
}

async function measureContagion(database: Database): Promise<Contagion> {
  // Per maker, the probability that two random purchases are close in time.
  await database.run(`CREATE OR REPLACE TABLE network_chance AS
    WITH near AS (SELECT maker, count(*) OVER close - 1 AS close FROM network_adoptions
      WINDOW close AS (PARTITION BY maker ORDER BY day RANGE BETWEEN ${CLOSE_DAYS} PRECEDING AND ${CLOSE_DAYS} FOLLOWING))
    SELECT maker, sum(close) / nullif(count(*) * (count(*) - 1), 0) AS p FROM near GROUP BY maker`);
  const [found] =
    await database.all(`SELECT count(*)::DOUBLE AS pairs, coalesce(sum(close), 0)::DOUBLE AS close,
      coalesce(sum(p), 0)::DOUBLE AS expected, coalesce(sum(p * (1 - p)), 0)::DOUBLE AS variance
    FROM (SELECT (abs(x.day - y.day) <= ${CLOSE_DAYS})::INTEGER AS close, c.p FROM network_ties t
      JOIN network_adoptions x ON x.n = t.a JOIN network_adoptions y ON y.n = t.b AND y.maker = x.maker
      JOIN network_chance c ON c.maker = x.maker)`);
  const of = (name: string) => Number(found?.[name] ?? 0);
  const [pairs, close, expected, variance] = [of("pairs"), of("close"), of("expected"), of("variance")];
  const z = variance > 0 ? (close - expected) / Math.sqrt(variance) : 0;
  return { pairs, close, expected, z, isFound: z >= LEAST_Z };
}

/**
 * The ties with the earliness of each, in memory: it is looked up person by person, and a query takes
 * milliseconds.
 */
async function readGraph(
  database: Database,
): Promise<{ readonly graph: Graph; readonly earliness: Float64Array }> {
  const [sizes] = await database.all(
    "SELECT (SELECT count(*) FROM network_people)::DOUBLE AS nodes, (SELECT count(*) FROM network_arcs)::DOUBLE AS arcs",
  );
  const arcs = Number(sizes?.arcs ?? 0);
  const [i, j, share] = [new Uint32Array(arcs), new Uint32Array(arcs), new Float32Array(arcs)];
  const earliness = new Float64Array(arcs);
  let at = 0;
  const sql = `SELECT x.i::DOUBLE AS i, x.j::DOUBLE AS j, x.share::DOUBLE AS share, coalesce(e.earliness, 1)::DOUBLE AS earliness
    FROM network_arcs x LEFT JOIN network_early e ON e.i = x.i AND e.j = x.j ORDER BY x.i, x.j`;
  for await (const batch of database.stream(sql)) {
    i.set(batch.numbers("i"), at);
    j.set(batch.numbers("j"), at);
    share.set(batch.numbers("share"), at);
    earliness.set(batch.numbers("earliness"), at);
    at += batch.rows;
  }
  return { graph: createGraph(Number(sizes?.nodes ?? 0), { i, j, share }), earliness };
}

/** The id of every node. */
async function readIds(database: Database): Promise<string[]> {
  const ids: string[] = [];
  for await (const batch of database.stream("SELECT id FROM network_people ORDER BY n"))
    for (const id of batch.texts("id")) ids.push(id ?? "");
  return ids;
}

interface Circles {
  readonly graph: Graph;
  /** Per arc of the graph. */
  readonly earliness: Float64Array;
  /** Per node. */
  readonly leads: Float64Array;
  readonly ids: readonly string[];
  readonly ranks: Float64Array;
  readonly shells: Uint32Array;
}

function influencersIn(circles: Circles): Influence["of"] {
  const nodeOf = new Map(circles.ids.map((id, node) => [id, node]));
  return async (requested) => {
    const found = new Map<string, readonly Influencer[]>();
    for (const id of requested) {
      const node = nodeOf.get(id);
      const own = node === undefined ? [] : influencersOf(circles, node);
      if (own.length > 0) found.set(id, own);
    }
    return found;
  };
}

/** A person's contacts, the most influence first. */
function influencersOf({ graph, earliness, leads, ids, ranks, shells }: Circles, node: number): Influencer[] {
  const [start, end] = [graph.from[node] ?? 0, graph.from[node + 1] ?? 0];
  const contacts = graph.to.subarray(start, end);
  const percentiles = percentilesNear(graph, ranks, node, contacts);
  const found = Array.from(contacts, (contact, at): Influencer => {
    const [share, early, lead, rank] = [
      graph.share[start + at] ?? 0,
      earliness[start + at] ?? 1,
      leads[contact] ?? 1,
      percentiles[at] ?? 1,
    ];
    return {
      contact: ids[contact] ?? "",
      influence: Math.sqrt(share) * early * lead,
      share,
      earliness: early,
      leads: lead,
      rank,
      kShell: shells[contact] ?? 0,
    };
  });
  return found.sort((a, b) => b.influence - a.influence || (a.contact < b.contact ? -1 : 1));
}
