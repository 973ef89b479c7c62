import { openNetwork } from "../../../src/customers/network/open.ts";
import { type Contact, type Days, summarise, topBy } from "./contacts.ts";
import { DAY_MS, START, studyEvents, studyLogs, studyPeople } from "./data.ts";

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
