import { createRandom, type Random, randomNormal } from "../../src/core/index.ts";

/** Customers who call each other and buy handsets, with the reasons of every purchase known. */

export interface NetworkOptions {
  readonly people: number;
  readonly months: number;
  readonly seed: number;
  /** Probability that a person buys what their influencer bought, some weeks later; 0: nobody follows anybody. */
  readonly contagion: number;
  /** Probability that a person likes best what most of their community likes best. */
  readonly homophily: number;
}

export const NETWORK_MAKERS = ["Acme", "Bolt", "Cirrus", "Delta"] as const;
export const START = Date.UTC(2024, 0, 1) / 86_400_000;
export const MONTH_DAYS = 30;
export const COMMUNITY = 25;
/** The law of leading, following and buying. */
export const LAW = {
  /** Share of people who lead, and how much more likely one of them is followed. */
  leaders: 0.2,
  leaderWeight: 8,
  /** Days between two purchases of a person's own, on average. */
  ownDays: 600,
  /** Days after which a follower buys: at least, and on average beyond that. */
  leastDelay: 5,
  meanDelay: 30,
} as const;

export interface SimulatedNetwork {
  /** Ids by number. */
  readonly ids: readonly string[];
  /** Contacts of each person with how often the two call each other in a month. */
  readonly ties: readonly ReadonlyMap<number, number>[];
  /** Whom each person follows, whether or not anybody follows anybody. */
  readonly influencer: readonly number[];
  /** Purchases in order of time; `follows`: the influencer's purchase was the reason. */
  readonly purchases: readonly {
    readonly person: number;
    readonly day: number;
    readonly maker: number;
    readonly follows: boolean;
  }[];
  /** A call log as CSV. */
  readonly calls: string;
}

/**
 * Communities of 25 with some ties between them, and a maker that each community likes. Everybody buys anew about
 * every 20 months, of the maker that they like by themselves and their community (homophily). Some people lead: among a
 * person's contacts they are the likely influencer, whatever the strength of the tie. With contagion, a person buys what
 * their influencer bought, on average 30 days later. Without it the same people have the same ties and tastes.
 */
export function simulateNetwork(options: NetworkOptions): SimulatedNetwork {
  const random = createRandom(options.seed);
  const ids = Array.from({ length: options.people }, (_, person) => `p${person}`);
  const ties = drawTies(options.people, random);
  const leads = ids.map(() => (random() < LAW.leaders ? LAW.leaderWeight : 1));
  const influencer = ties.map(
    (own) => drawFrom([...own], ([other, rate]) => (leads[other] ?? 1) * rate ** 0.5, random)?.[0] ?? -1,
  );
  const purchases = drawPurchases(options, influencer, random);
  return { ids, ties, influencer, purchases, calls: writeCalls(options, { ids, ties, purchases }, random) };
}

function drawTies(people: number, random: Random): Map<number, number>[] {
  const ties = Array.from({ length: people }, () => new Map<number, number>());
  const add = (a: number, b: number) => {
    if (a === b || ties[a]?.has(b)) return;
    const rate = 0.6 * Math.exp(1.2 * randomNormal(random));
    ties[a]?.set(b, rate);
    ties[b]?.set(a, rate);
  };
  for (let person = 0; person < people; person++) {
    const first = person - (person % COMMUNITY);
    for (let k = 0; k < 3; k++) add(person, Math.min(people - 1, first + Math.floor(random() * COMMUNITY)));
    if (random() < 0.5) add(person, Math.floor(random() * people));
  }
  return ties;
}

type Purchase = SimulatedNetwork["purchases"][number];

function drawPurchases(options: NetworkOptions, influencer: readonly number[], random: Random): Purchase[] {
  const { people, months, contagion } = options;
  const followers = Array.from({ length: people }, (): number[] => []);
  for (const [person, leader] of influencer.entries()) followers[leader]?.push(person);
  const current = followers.map(() => Math.floor(random() * NETWORK_MAKERS.length));
  const purchases = current.map((maker, person): Purchase => ({ person, day: 0, maker, follows: false }));
  const queue = drawOwnPurchases(options, random);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { person: leader, maker, day } = next;
    if (current[leader] === maker) continue;
    current[leader] = maker;
    purchases.push(next);
    for (const person of (followers[leader] ?? []).filter(() => random() < contagion)) {
      const later = {
        day: day + LAW.leastDelay + exponential(LAW.meanDelay, random),
        person,
        maker,
        follows: true,
      };
      const at = queue.findIndex((other) => other.day < later.day);
      if (later.day < months * MONTH_DAYS) queue.splice(at < 0 ? queue.length : at, 0, later);
    }
  }
  return purchases;
}

/** What people buy by themselves, the latest first. */
function drawOwnPurchases({ people, months, homophily }: NetworkOptions, random: Random): Purchase[] {
  const makers = NETWORK_MAKERS.length;
  const liked = Array.from({ length: Math.ceil(people / COMMUNITY) }, () => Math.floor(random() * makers));
  const found: Purchase[] = [];
  for (let person = 0; person < people; person++) {
    const community = liked[Math.floor(person / COMMUNITY)] ?? 0;
    for (
      let day = exponential(LAW.ownDays, random);
      day < months * MONTH_DAYS;
      day += exponential(LAW.ownDays, random)
    ) {
      const maker = random() < homophily ? community : Math.floor(random() * makers);
      found.push({ day, person, maker, follows: false });
    }
  }
  return found.sort((a, b) => b.day - a.day);
}

function writeCalls(
  { months }: NetworkOptions,
  { ids, ties, purchases }: Pick<SimulatedNetwork, "ids" | "ties" | "purchases">,
  random: Random,
): string {
  const owned = ids.map((): { day: number; maker: number }[] => []);
  for (const { person, day, maker } of purchases) owned[person]?.push({ day, maker });
  const rows = ["caller_id,callee_id,started_at,duration_s,device_manufacturer,device_model"];
  ties.forEach((own, person) => {
    for (const [other, rate] of own) {
      for (let month = 0; month < months; month++) {
        const calls = poisson(rate, random);
        for (let call = 0; call < calls; call++) {
          const day = (month + random()) * MONTH_DAYS;
          const had = owned[person]?.findLast((each) => each.day <= day);
          const maker = NETWORK_MAKERS[had?.maker ?? 0] ?? "";
          const at = new Date((START + day) * 86_400_000).toISOString().slice(0, 19);
          rows.push(
            `${ids[person]},${ids[other]},${at}Z,${Math.round(30 + 300 * random())},${maker},M-${maker}`,
          );
        }
      }
    }
  });
  return `${rows.join("\n")}\n`;
}

function drawFrom<T>(list: readonly T[], weight: (each: T) => number, random: Random): T | undefined {
  const total = list.reduce((sum, each) => sum + weight(each), 0);
  let left = random() * total;
  return list.find((each) => {
    left -= weight(each);
    return left < 0;
  });
}

function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random());
}

function poisson(mean: number, random: Random): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > least; product *= random()) count++;
  return count;
}
