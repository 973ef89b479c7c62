import type { Database } from "../../io/duckdb/index.ts";

/** Days within which one purchase may be caused by another. */
const FOLLOW_DAYS = 150;
/** Probability that a person who follows a contact buys what the contact bought, within `FOLLOW_DAYS`. */
const FOLLOWS = 0.35;
/** Lower bound of the probability of doing so by chance. */
const LEAST_CHANCE = 0.005;
/** Delays are counted in groups of this many days. */
const GROUP_DAYS = 15;
const GROUPS = FOLLOW_DAYS / GROUP_DAYS;

/**
 * Creates `network_early` (i, j, earliness): a likelihood ratio over the purchases of j, of what i bought in the
 * days after each, if i follows j and if i buys when people do in general.
 *
 * With q the probability of following, g and G the density and distribution of the delay, and c the chance of a
 * purchase per day, a purchase after t days has the ratio `q g(t) / c + 1 - q G(t)`, and none within t observed days
 * `1 - q G(t)`. A person who already has the maker cannot follow: such a purchase of j says nothing about i.
 *
 * Needs `network_arcs`, `network_spells` and `network_adoptions`.
 */
export async function rankEarliness(database: Database): Promise<void> {
  await listExposures(database);
  const density = await measureDelays(database);
  const reached = density.map((_, group) => density.slice(0, group + 1).reduce((sum, own) => sum + own, 0));
  const at = (values: readonly number[], days: string) =>
    `[${values.join(", ")}][1 + least(${GROUPS - 1}, floor(${days} / ${GROUP_DAYS}))::INTEGER]`;
  await database.run(`CREATE OR REPLACE TABLE network_early AS
    SELECT i, j, exp(sum(ln(CASE WHEN delay IS NULL THEN 1 - ${FOLLOWS} * ${at(reached, "observed")}
      ELSE ${FOLLOWS} * ${at(density, "delay")} * ${GROUPS} / chance + 1 - ${FOLLOWS} * ${at(reached, "delay")} END))) AS earliness
    FROM network_exposures GROUP BY i, j`);
  await database.run("DROP TABLE network_exposures");
}

/**
 * Creates `network_exposures` (i, j, chance, observed, delay): for each purchase of a contact j whose maker i did not
 * have, the chance that anybody buys this maker in the days after, the days until the end of the log, and the days
 * until i bought it (NULL: not within `FOLLOW_DAYS`).
 */
async function listExposures(database: Database): Promise<void> {
  const people = "(SELECT count(DISTINCT n) FROM network_spells)";
  await database.run(`CREATE OR REPLACE TABLE network_exposures AS
    WITH chances AS (
      SELECT n, maker, since, day, max(day) OVER () - day AS observed, greatest(${LEAST_CHANCE}, count(*) OVER (
        PARTITION BY maker ORDER BY day RANGE BETWEEN 0.0001 FOLLOWING AND ${FOLLOW_DAYS} FOLLOWING) / ${people}) AS chance
      FROM network_adoptions
    ), moments AS (
      SELECT x.i, x.j, c.maker, c.since, c.day, c.observed, c.chance FROM network_arcs x JOIN chances c ON c.n = x.j
    ), exposed AS (
      SELECT m.* FROM moments m ASOF JOIN network_spells s ON s.n = m.i AND s.since <= m.since
      WHERE s.maker <> m.maker
    )
    SELECT e.i, e.j, any_value(e.chance) AS chance, any_value(e.observed) AS observed, min(a.day - e.day) AS delay
    FROM exposed e LEFT JOIN network_adoptions a
      ON a.n = e.i AND a.maker = e.maker AND a.day > e.day AND a.day <= e.day + ${FOLLOW_DAYS}
    GROUP BY e.i, e.j, e.maker, e.day`);
}

/**
 * Per group of delays, the share of followers who buy after that many days: what contacts bought more than in the
 * last group, in which hardly anybody follows any more.
 */
async function measureDelays(database: Database): Promise<number[]> {
  const rows =
    await database.all(`SELECT least(${GROUPS - 1}, floor(delay / ${GROUP_DAYS}))::DOUBLE AS at, count(*)::DOUBLE AS found
    FROM network_exposures WHERE delay IS NOT NULL GROUP BY 1`);
  const counts = Array.from({ length: GROUPS }, (_, group) =>
    Number(rows.find(({ at }) => Number(at) === group)?.found ?? 0),
  );
  const last = counts.at(-1) ?? 0;
  // A follower in every group is added: no delay is impossible.
  const excess = counts.map((count) => Math.max(0, count - last) + 1);
  const total = excess.reduce((sum, own) => sum + own, 0);
  return excess.map((own) => own / total);
}
