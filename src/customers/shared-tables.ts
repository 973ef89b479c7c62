/**
 * The tables and views that files of this room share in one DuckDB database: the files that create each, what a row is,
 * and its columns (`c0, c1, ...` stands for computed columns). SQL writes their names out; a test compares this list
 * with the SQL of the room. Tables that one file creates and reads are not listed.
 */
export const SHARED_TABLES = {
  crm: ["crm.ts", "a row of the customers' files", "pos, id, file, row, photo, given, expires, c0, c1, ..."],
  crm_repeated: ["crm.ts", "a customer with several rows", "id, first"],
  crm_first: ["crm.ts", "the first row of each customer, and rows without an id", "as crm"],
  buyers: ["purchases/summary.ts", "a customer with purchases", "id, b0, b1, ..."],
  known_customers: ["purchases/summary.ts", "a customer with records or purchases", "id, s0, ..., b0, ..."],
  bought: ["purchases/open.ts", "a row of the purchases' files", "file, row, id, moment, product"],
  purchases: [
    "purchases/transitions.ts",
    "a purchase with the one before it",
    "file, row, id, moment, product, before, since, number, p0, p1, ...",
  ],
  log: [
    "experiment/log.ts",
    "a row of the experiment's log",
    "file, row, id, cluster, arm, outcome, value, propensity, shown_at, c0, c1, ...",
  ],
  shown_features: [
    "logs/as-of.ts",
    "features of the logs when a customer was shown an offer",
    "caller, number, s0, s1, ...",
  ],
  spell_features: ["logs/as-of.ts", "features of the logs when a spell ended", "caller, number, s0, s1, ..."],
  asked_network: [
    "network/features.ts",
    "features of ties at each of those moments",
    "caller, number, f0, f1, ...",
  ],
  network_now: [
    "network/features.ts",
    "features of ties at the end of the logs",
    "caller, number, f0, f1, ...",
  ],
  all_calls: [
    "logs/events.ts, logs/parts/tables.ts, network/open.ts",
    "a record of the call logs, or of calls and messages",
    "caller, callee, moment, seconds, manufacturer, model",
  ],
  all_usage: [
    "logs/events.ts, logs/parts/tables.ts",
    "a record of the usage logs",
    "caller, moment, bytes, manufacturer, model",
  ],
  calls: ["logs/events.ts, network/spells.ts", "an accepted call with a subscriber", "as all_calls"],
  usage: ["logs/events.ts, network/spells.ts", "an accepted record of usage", "as all_usage"],
  pairs: [
    "logs/summary.ts",
    "a subscriber and a contact",
    "caller, callee, calls, seconds, missed, first, last",
  ],
  volumes: ["logs/summary.ts", "a subscriber with usage", "caller, bytes, first, last"],
  log_period: ["logs/summary.ts, logs/parts/steps.ts", "the last moment of the logs", "ends"],
  devices: [
    "logs/summary.ts",
    "a subscriber's handset at the end of the logs",
    "caller, current, previous, switches, used, returns, since",
  ],
  subscribers: ["logs/summary.ts", "a subscriber with features of the logs", "id, s0, s1, ..."],
  devices_seen: [
    "logs/events.ts, network/spells.ts",
    "a maker and model as the logs write them",
    "manufacturer, model, events",
  ],
  manufacturers: ["logs/timeline.ts", "a manufacturer", "code, label, folded"],
  spells: [
    "logs/timeline.ts",
    "uninterrupted use of one manufacturer's handsets",
    "caller, number, maker, since, until, months, asked_at",
  ],
  network_people: ["network/people.ts", "a person who consents to ties", "n, id"],
  network_months: [
    "network/months.ts",
    "two people in one month, a < b",
    "month, a, b, ab, ba, calls, messages, seconds, days, first, last",
  ],
  network_spells: ["network/spells.ts", "as spells, of people who consent", "n, number, maker, since"],
  network_ties: [
    "network/ties.ts",
    "two people with a tie, a < b",
    "a, b, days, events, ..., first, last, strength",
  ],
  network_arcs: ["network/ties.ts", "a tie seen from one side", "i, j, strength, share"],
  network_overlap: ["network/ties.ts", "the contacts that two people share", "a, b, common, overlap"],
  network_adoptions: ["network/influence.ts", "a change of manufacturer", "n, maker, since, day"],
  network_early: ["network/earliness.ts", "how much earlier i changes than j", "i, j, earliness"],
} as const satisfies Record<string, readonly [createdBy: string, row: string, columns: string]>;

export type SharedTable = keyof typeof SHARED_TABLES;
