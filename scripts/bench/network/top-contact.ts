import { openNetwork } from "../../../src/customers/network/open.ts";
import { DAY_MS, START, type StudyEvent, studyEvents, studyLogs, studyPeople } from "./data.ts";

/** Days from and to (exclusive) that ties are made of, and days on which the most frequent contact is counted. */
const WINDOWS = [
  { ties: [0, 14], truth: [14, 28] },
  { ties: [14, 28], truth: [0, 14] },
  { ties: [7, 21], truth: [21, 28] },
] as const;

/** Whose top contact of one fortnight is that of another, in per cent, by ways of ranking contacts. */
export async function benchTopContact(): Promise<void> {
  const logs = studyLogs();
  if (logs === null) return console.log("skipped: ../shared/data/calls is not here");
  const events = studyEvents();
  const rows: Record<string, string | number>[] = [];
  for (const { ties, truth } of WINDOWS) {
    const contacts = summarise(events, ties);
    const later = topBy(summarise(events, truth), (contact) => [contact.events]);
    const ours = await topTies(ties, studyPeople(events));
    const asked = [...contacts.keys()].filter((person) => later.has(person));
    const rank = (order: (contact: Contact) => readonly number[]) => topBy(contacts, order);
    const answers = {
      last: rank(({ last }) => [last]),
      count: rank((contact) => [contact.events]),
      reciprocity: rank((contact) => [Math.min(contact.sent, contact.received), contact.events]),
      "days, count": rank((contact) => [contact.days.size, contact.events]),
      strength: ours,
    };
    const hits = Object.entries(answers).map(([name, top]) => [
      name,
      ((100 * asked.filter((person) => top.get(person) === later.get(person)).length) / asked.length).toFixed(
        1,
      ),
    ]);
    rows.push({
      ties: ties.join("-"),
      truth: truth.join("-"),
      people: asked.length,
      ...Object.fromEntries(hits),
    });
  }
  console.log("\nTop contact of some days is the top contact of others, % of people");
  console.table(rows);
}

interface Contact {
  readonly id: number;
  readonly days: Set<number>;
  events: number;
  sent: number;
  received: number;
  last: number;
}

type Days = readonly [from: number, to: number];

function summarise(events: readonly StudyEvent[], [from, to]: Days): Map<number, Contact[]> {
  const found = new Map<number, Map<number, Contact>>();
  for (const event of events) {
    const day = Math.floor(event.at / 86_400);
    if (day < from || day >= to) continue;
    for (const [own, other] of [
      [event.from, event.to],
      [event.to, event.from],
    ] as const) {
      const contacts = found.get(own) ?? new Map<number, Contact>();
      found.set(own, contacts);
      const contact = contacts.get(other) ?? {
        id: other,
        days: new Set(),
        events: 0,
        sent: 0,
        received: 0,
        last: 0,
      };
      contacts.set(other, contact);
      contact.days.add(day);
      contact.events++;
      if (own === event.from) contact.sent++;
      else contact.received++;
      contact.last = Math.max(contact.last, event.at);
    }
  }
  return new Map([...found].map(([person, contacts]) => [person, [...contacts.values()]]));
}

function topBy(people: ReadonlyMap<number, Contact[]>, order: (contact: Contact) => readonly number[]) {
  const compare = (a: Contact, b: Contact) => {
    const [left, right] = [order(a), order(b)];
    const at = left.findIndex((value, i) => value !== right[i]);
    return at < 0 ? a.id - b.id : (right[at] ?? 0) - (left[at] ?? 0);
  };
  return new Map([...people].map(([person, contacts]) => [person, contacts.toSorted(compare)[0]?.id]));
}

async function topTies([from, to]: Days, people: readonly string[]): Promise<Map<number, number>> {
  const logs = studyLogs();
  if (logs === null) return new Map();
  const at = (day: number) => new Date(START.getTime() + day * DAY_MS);
  const network = await openNetwork({ ...logs, people, from: at(from), before: at(to), isMutual: false });
  try {
    const rows =
      await network.database.all(`SELECT p.id, arg_max(q.id, (x.strength, -q.id::INTEGER)) AS contact
      FROM network_arcs x JOIN network_people p ON p.n = x.i JOIN network_people q ON q.n = x.j GROUP BY p.id`);
    return new Map(rows.map(({ id, contact }) => [Number(id), Number(contact)]));
  } finally {
    await network.close();
  }
}
