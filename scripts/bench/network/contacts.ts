import type { StudyEvent } from "./data.ts";

export interface Contact {
  readonly id: number;
  readonly days: Set<number>;
  events: number;
  sent: number;
  received: number;
  last: number;
}

/** From a day, up to (not including) another. */
export type Days = readonly [from: number, to: number];

export function summarise(events: readonly StudyEvent[], [from, to]: Days): Map<number, Contact[]> {
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

export function topBy(
  people: ReadonlyMap<number, Contact[]>,
  order: (contact: Contact) => readonly number[],
) {
  const compare = (a: Contact, b: Contact) => {
    const [left, right] = [order(a), order(b)];
    const at = left.findIndex((value, i) => value !== right[i]);
    return at < 0 ? a.id - b.id : (right[at] ?? 0) - (left[at] ?? 0);
  };
  return new Map([...people].map(([person, contacts]) => [person, contacts.toSorted(compare)[0]?.id]));
}
