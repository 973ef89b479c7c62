import {
  type CategoryColumn,
  createRandom,
  numberColumn,
  type Random,
  randomNormal,
  type Table,
} from "../../src/core/index.ts";
import { simulateCampaign } from "./campaign.ts";
import { MANUFACTURERS, SWITCHING, switchingProbabilities } from "./switching.ts";

export interface TelcoOptions {
  /** Subscribers; default 2,000. */
  readonly customers?: number | undefined;
  /** Months of logs; default 24. */
  readonly months?: number | undefined;
  /** Outgoing calls per subscriber and month, on average; default 6. */
  readonly callsPerMonth?: number | undefined;
  /** End of the logs; default 2026-11-01. */
  readonly end?: Date | undefined;
  /** Default 1. */
  readonly seed?: number | undefined;
}

/** A telco with known truth. Times are seconds since 1970; `writeTelco` turns them into ISO 8601. */
export interface Telco {
  /** customer_id, residence, age, tenure_months, current_manufacturer: at the end of the logs. */
  readonly crm: Table;
  /** caller_id, callee_id, started_at, duration_s (-1: missed), device_manufacturer, device_model. */
  readonly calls: Table;
  /** subscriber_id, at, bytes, device_manufacturer. */
  readonly usage: Table;
  /** A randomised campaign half a year before the end: customer_id, offer_id, shown_at, converted, value, features. */
  readonly experiment: Table;
  /** Per customer the probability of buying without and with each offer: probability_none, uplift_<offer>, ... */
  readonly truth: Table;
  /** The handsets that each subscriber really had: customer_id, manufacturer, since. */
  readonly handsets: Table;
}

export interface Subscriber {
  readonly id: string;
  readonly residence: number;
  /** Years at the end of the logs. */
  readonly age: number;
  readonly tenureMonths: number;
  readonly contacts: readonly number[];
  /** Index of the manufacturer and the month that it was first used in, by time. */
  readonly handsets: readonly { readonly maker: number; readonly model: number; readonly month: number }[];
  readonly megabytes: number;
}

export const RESIDENCES = ["Amsterdam", "Rotterdam", "Utrecht", "Eindhoven", "Groningen", "Zeeland"] as const;

const MONTH_S = 30 * 86_400;
const MEAN_MONTHS_TO_REPLACE = 18;
const SHARE_OF_SWAPS = 0.01;

/** Simulates a telco; the same options give the same telco on every machine. */
export function simulateTelco(options: TelcoOptions = {}): Telco {
  const {
    customers = 2000,
    months = 24,
    callsPerMonth = 6,
    end = new Date("2026-11-01T00:00:00Z"),
  } = options;
  const random = createRandom(options.seed ?? 1);
  const startsAt = end.getTime() / 1000 - months * MONTH_S;
  const people = simulatePeople(customers, months, random);
  const logs = simulateLogs(people, { months, callsPerMonth, startsAt }, random);
  const campaignMonth = Math.max(0, months - 6);
  const campaign = simulateCampaign(people, campaignMonth, startsAt + campaignMonth * MONTH_S, random);
  const last = (person: Subscriber) => person.handsets.at(-1)?.maker ?? 0;
  const owned = people.flatMap((person, i) => person.handsets.map((handset) => ({ i, ...handset })));
  const ids = people.map((person) => person.id);
  return {
    crm: tableOf({
      customer_id: categories(
        people.map((_, i) => i),
        ids,
      ),
      residence: categories(
        people.map((person) => person.residence),
        RESIDENCES,
      ),
      age: numberColumn(people.map((person) => person.age)),
      tenure_months: numberColumn(people.map((person) => person.tenureMonths)),
      current_manufacturer: categories(people.map(last), MANUFACTURERS),
    }),
    ...logs,
    ...campaign,
    handsets: tableOf({
      customer_id: categories(
        owned.map(({ i }) => i),
        ids,
      ),
      manufacturer: categories(
        owned.map(({ maker }) => maker),
        MANUFACTURERS,
      ),
      since: numberColumn(owned.map(({ month }) => startsAt + month * MONTH_S)),
    }),
  };
}

export function tableOf(
  columns: Readonly<Record<string, Table["columns"] extends ReadonlyMap<string, infer C> ? C : never>>,
): Table {
  const entries = new Map(Object.entries(columns));
  const [first] = entries.values();
  const cells = first?.kind === "number" ? first.values : first?.codes;
  return { rows: cells?.length ?? 0, columns: entries };
}

export function categories(codes: ArrayLike<number>, labels: readonly string[]): CategoryColumn {
  return { kind: "category", codes: Int32Array.from(codes), labels };
}

function simulatePeople(count: number, months: number, random: Random): Subscriber[] {
  const makers = Array.from({ length: count }, () => draw(SWITCHING.map(sum), random));
  const byMaker = MANUFACTURERS.map((_, maker) => makers.flatMap((own, i) => (own === maker ? [i] : [])));
  return makers.map((maker, i) => {
    const age = 18 + Math.floor(67 * random() ** 1.3);
    const residence = draw([5, 4, 3, 2, 2, 1], random);
    const contacts = drawContacts(i, count, byMaker[maker] ?? [], random);
    const dataTaste = randomNormal(random);
    const around = MANUFACTURERS.map(
      (_, other) => contacts.filter((contact) => makers[contact] === other).length / contacts.length,
    );
    return {
      id: `c${String(i + 1).padStart(6, "0")}`,
      residence,
      age,
      tenureMonths: months + Math.floor(random() * 96),
      contacts,
      handsets: drawHandsets(maker, months, { age, residence, around, dataTaste }, random),
      megabytes: Math.exp(8.6 - age / 40 + 0.6 * dataTaste),
    };
  });
}

/** Two of five contacts are sought among people with the same handset, the others anywhere. */
function drawContacts(self: number, count: number, alike: readonly number[], random: Random): number[] {
  const size = Math.min(count - 1, 4 + Math.floor(random() * 9));
  const contacts = new Set<number>();
  for (let tries = 0; contacts.size < size && tries < 20 * size; tries++) {
    const isAlike = random() < 0.4 && alike.length > 1;
    const index = isAlike ? (alike[Math.floor(random() * alike.length)] ?? 0) : Math.floor(random() * count);
    if (index !== self) contacts.add(index);
  }
  return [...contacts];
}

/** What tilts a subscriber's next choice. */
interface Taste extends Pick<Subscriber, "age" | "residence"> {
  /** Per manufacturer the share of the contacts who had it at the start. */
  readonly around: readonly number[];
  /** How much data for the age: a standard normal number. */
  readonly dataTaste: number;
}

/**
 * A handset is replaced after three months at the earliest; what comes next follows the survey's matrix, tilted: the old
 * stay with what they have more often than the young, cities and country differ in where leavers go, people follow the
 * people they call, and those who use much data leave Nokia for Apple.
 */
function drawHandsets(first: number, months: number, person: Taste, random: Random): Subscriber["handsets"] {
  const handsets = [{ maker: first, model: Math.floor(random() * 3), month: 0 }];
  let month = 0;
  for (;;) {
    month += 3 + Math.floor(-Math.log(1 - random()) * (MEAN_MONTHS_TO_REPLACE - 3));
    const last = handsets.at(-1);
    if (month >= months || last === undefined) return handsets;
    handsets.push({ maker: draw(nextWeights(last.maker, person), random), model: last.model + 1, month });
  }
}

const MEAN_SHARE = 1 / MANUFACTURERS.length;

/** How much more people in towns like a manufacturer, in log odds. */
const TOWN_TASTE: Readonly<Record<string, number>> = { Apple: 0.5, Nokia: -0.5 };

/** Odds of each manufacturer after `maker`; averaged over the people, they are about the survey's. */
function nextWeights(maker: number, { age, residence, around, dataTaste }: Taste): number[] {
  const seniority = Math.max(-1, Math.min(1, (age - 42) / 20));
  const isUrban = residence < 3;
  return switchingProbabilities(maker).map((probability, next) => {
    const stays = next === maker ? 0.7 * seniority : 0;
    const town = TOWN_TASTE[MANUFACTURERS[next] ?? ""] ?? 0;
    const use = 0.4 * Math.sign(town) * dataTaste;
    const following = 1.5 * ((around[next] ?? 0) - MEAN_SHARE);
    return probability * Math.exp(stays + (isUrban ? town : -1.5 * town) + use + following);
  });
}

/** The handset in use in a month. */
export function handsetAt(
  person: Subscriber,
  month: number,
): { readonly maker: number; readonly model: number } {
  return person.handsets.findLast((handset) => handset.month <= month) ?? { maker: 0, model: 0 };
}

interface LogShape {
  readonly months: number;
  readonly callsPerMonth: number;
  readonly startsAt: number;
}

/** As networks write them: mixed case and stray blanks in three of a hundred names. */
const SPELLINGS = MANUFACTURERS.flatMap((name) => [name, name.toUpperCase(), ` ${name.toLowerCase()} `]);

function simulateLogs(
  people: readonly Subscriber[],
  shape: LogShape,
  random: Random,
): Pick<Telco, "calls" | "usage"> {
  const calls = { caller: [], callee: [], at: [], seconds: [], maker: [], model: [] } as Record<
    string,
    number[]
  >;
  const usage = { who: [], at: [], bytes: [], maker: [] } as Record<string, number[]>;
  const models: string[] = [];
  const modelCodes = new Map<string, number>();
  const modelCode = (maker: number, model: number): number => {
    const name = `${MANUFACTURERS[maker]} ${2020 + model}`;
    const code = modelCodes.get(name) ?? models.push(name) - 1;
    modelCodes.set(name, code);
    return code;
  };
  const spelling = (maker: number): number =>
    maker * 3 + (random() < 0.03 ? 1 + Math.floor(random() * 2) : 0);
  for (let month = 0; month < shape.months; month++) {
    const monthAt = shape.startsAt + month * MONTH_S;
    people.forEach((person, i) => {
      const own = handsetAt(person, month);
      const isSwap = month > 0 && month < shape.months - 1 && random() < SHARE_OF_SWAPS;
      const used = isSwap ? { maker: (own.maker + 1) % MANUFACTURERS.length, model: 0 } : own;
      // At least one call a month, so that every handset leaves a trace.
      const count = Math.max(
        1,
        Math.round(shape.callsPerMonth * Math.exp(0.4 * randomNormal(random) - 0.08)),
      );
      for (let k = 0; k < count; k++) {
        calls.caller?.push(i);
        calls.callee?.push(person.contacts[Math.floor(random() * person.contacts.length)] ?? i);
        calls.at?.push(Math.floor(monthAt + random() * MONTH_S));
        calls.seconds?.push(random() < 0.08 ? -1 : Math.ceil(Math.exp(4.3 + randomNormal(random))));
        calls.maker?.push(spelling(used.maker));
        calls.model?.push(modelCode(used.maker, used.model));
      }
      usage.who?.push(i);
      usage.at?.push(Math.floor(monthAt + random() * MONTH_S));
      usage.bytes?.push(Math.round(person.megabytes * 1e6 * Math.exp(0.2 * randomNormal(random))));
      usage.maker?.push(spelling(used.maker));
    });
  }
  const ids = people.map((person) => person.id);
  return {
    calls: tableOf({
      caller_id: categories(calls.caller ?? [], ids),
      callee_id: categories(calls.callee ?? [], ids),
      started_at: numberColumn(calls.at ?? []),
      duration_s: numberColumn(calls.seconds ?? []),
      device_manufacturer: categories(calls.maker ?? [], SPELLINGS),
      device_model: categories(calls.model ?? [], models),
    }),
    usage: tableOf({
      subscriber_id: categories(usage.who ?? [], ids),
      at: numberColumn(usage.at ?? []),
      bytes: numberColumn(usage.bytes ?? []),
      device_manufacturer: categories(usage.maker ?? [], SPELLINGS),
    }),
  };
}

export function draw(weights: readonly number[], random: Random): number {
  let left = random() * sum(weights);
  for (let i = 0; i < weights.length - 1; i++) {
    left -= weights[i] ?? 0;
    if (left < 0) return i;
  }
  return weights.length - 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
