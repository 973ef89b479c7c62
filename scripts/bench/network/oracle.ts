import { createRandom, type Random } from "../../../src/core/index.ts";
import { COMMUNITY, LAW, MONTH_DAYS, NETWORK_MAKERS, type SimulatedNetwork } from "../../simulate/network.ts";

/** What a person owned, by time: from a day on, a maker. */
export type History = readonly { readonly day: number; readonly maker: number }[];

export interface OracleWorld {
  readonly world: SimulatedNetwork;
  readonly months: number;
  readonly contagion: number;
  readonly homophily: number;
}

interface Candidate {
  readonly contact: number;
  /** Of being followed, if the contact does not lead. */
  readonly weight: number;
  /** How much more likely the person's purchases are if they follow the contact. */
  readonly ratio: number;
}

/** Rounds of sampling, and those that are not counted. */
const ROUNDS = 1200;
const BURN_IN = 200;

/**
 * The contact that each person follows most probably, computed with the simulation's own law, its parameters, everybody's
 * taste and the true rates of calls: nobody can name more of them from these histories. Who leads is not known: Gibbs
 * sampling over leaders and influencers.
 *
 * @param contacts of each person, by number
 * @returns -1: no contact
 */
export function mostProbable(
  parts: OracleWorld,
  histories: readonly History[],
  contacts: readonly (readonly number[])[],
): number[] {
  const ownRates = ownRatesOf(parts);
  const candidates = contacts.map((own, person) =>
    own.map((contact): Candidate => {
      const rates = ownRates[Math.floor(person / COMMUNITY)] ?? [];
      const ratio = ratioOf(histories[person] ?? [], histories[contact] ?? [], { ...parts, rates });
      return { contact, weight: Math.sqrt(parts.world.ties[person]?.get(contact) ?? 0), ratio };
    }),
  );
  return sampleInfluencers(candidates).map((odds, person) => {
    const best = odds.indexOf(Math.max(...odds));
    return candidates[person]?.[best]?.contact ?? -1;
  });
}

/** Purchases per day that people make by themselves, by community and maker. */
function ownRatesOf({ world, homophily }: OracleWorld): number[][] {
  const makers = NETWORK_MAKERS.length;
  const communities = Math.ceil(world.ids.length / COMMUNITY);
  const counts = Array.from({ length: communities }, () => new Array<number>(makers).fill(0));
  for (const { person, maker, day, follows } of world.purchases) {
    const own = counts[Math.floor(person / COMMUNITY)];
    if (own !== undefined && day > 0 && !follows) own[maker] = (own[maker] ?? 0) + 1;
  }
  return counts.map((own) => {
    const liked = own.indexOf(Math.max(...own));
    return own.map((_, maker) => {
      const taste = maker === liked ? homophily : 0;
      return (taste + (1 - homophily) / makers) / LAW.ownDays;
    });
  });
}

const reached = (days: number) =>
  days <= LAW.leastDelay ? 0 : 1 - Math.exp((LAW.leastDelay - days) / LAW.meanDelay);
const density = (days: number) => (1 - reached(days)) * (days > LAW.leastDelay ? 1 / LAW.meanDelay : 0);

/**
 * Per purchase of the contact: the person followed at some time at which they did not have the maker, or bought it by
 * themselves, or followed unseen, or did not follow.
 */
function ratioOf(
  own: History,
  contact: History,
  { contagion, months, rates }: OracleWorld & { readonly rates: readonly number[] },
): number {
  let ratio = 1;
  for (const { day, maker } of contact.slice(1)) {
    let [visible, hits] = [0, 0];
    for (const [spell, { day: from, maker: had }] of own.entries()) {
      const until = own[spell + 1]?.day ?? months * MONTH_DAYS;
      if (had !== maker) visible += Math.max(0, reached(until - day) - reached(from - day));
      else if (spell > 0) hits += density(from - day) / (rates[maker] ?? 1);
    }
    ratio *= 1 - contagion * visible + contagion * hits;
  }
  return ratio;
}

/** Per person and candidate, a number in proportion to the probability that the person follows it. */
function sampleInfluencers(candidates: readonly (readonly Candidate[])[]): number[][] {
  const random = createRandom(1);
  const leads = candidates.map(() => 1);
  const odds = candidates.map((own) => own.map(() => 0));
  const drawLeaders = leadersOf(candidates, leads, random);
  for (let round = 0; round < ROUNDS; round++) {
    const followers = candidates.map(() => 0);
    for (const [person, own] of candidates.entries()) {
      const chances = own.map(({ contact, weight, ratio }) => weight * (leads[contact] ?? 1) * ratio);
      const total = chances.reduce((sum, chance) => sum + chance, 0);
      const drawn = own[drawIndex(chances, random() * total)];
      if (drawn !== undefined) followers[drawn.contact] = (followers[drawn.contact] ?? 0) + 1;
      const sums = odds[person] ?? [];
      if (round >= BURN_IN)
        chances.forEach((chance, i) => {
          sums[i] = (sums[i] ?? 0) + chance / total;
        });
    }
    drawLeaders(followers);
  }
  return odds;
}

function drawIndex(chances: readonly number[], at: number): number {
  let sum = 0;
  return chances.findIndex((chance) => {
    sum += chance;
    return at < sum;
  });
}

/** Draws who leads, given how many follow each; changes `leads`. */
function leadersOf(
  candidates: readonly (readonly Candidate[])[],
  leads: number[],
  random: Random,
): (followers: readonly number[]) => void {
  const totals = candidates.map((own) => own.reduce((sum, { weight }) => sum + weight, 0));
  const fans = candidates.map((): { person: number; weight: number }[] => []);
  for (const [person, own] of candidates.entries())
    for (const { contact, weight } of own) fans[contact]?.push({ person, weight });
  const { leaders, leaderWeight } = LAW;
  return (followers) => {
    for (const [contact, before] of leads.entries()) {
      let log = Math.log(leaders / (1 - leaders)) + (followers[contact] ?? 0) * Math.log(leaderWeight);
      for (const { person, weight } of fans[contact] ?? []) {
        const others = (totals[person] ?? 0) - weight * before;
        log -= Math.log((others + weight * leaderWeight) / (others + weight));
      }
      const next = random() < 1 / (1 + Math.exp(-log)) ? leaderWeight : 1;
      for (const { person, weight } of fans[contact] ?? [])
        totals[person] = (totals[person] ?? 0) + weight * (next - before);
      leads[contact] = next;
    }
  };
}
