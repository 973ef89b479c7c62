import {
  type Cell,
  count,
  type PageHead,
  pageOf,
  paragraph,
  percent,
  section,
  table,
  verdictCard,
} from "../../reports/index.ts";
import type { NetworkReport } from "./report.ts";
import type { NetworkReading } from "./types.ts";

/** Renders the ties of the people who consent as one self-contained page, without names. */
export async function networkPage(
  head: PageHead,
  report: NetworkReport,
  reading: NetworkReading,
): Promise<string> {
  return pageOf(
    head,
    verdictCard({
      tone: "neutral",
      headline: `${count(report.ties)} ties between ${count(report.people)} people.`,
      sentences: [
        `${count(reading.dropped.noConsent)} of ${count(reading.read)} events were dropped because one of the two people does not consent to the purpose network.`,
        "Nobody is named here, and groups of fewer than 5 people are left out.",
      ],
    }),
    section(
      "Ties",
      "A tie is a pair of people who both called or wrote within six months; a month counts half of the next one.",
      table(
        ["Measure", "Value"],
        networkMeasures(report).map(([name, value]): Cell[] => [
          { text: name },
          { text: value, kind: "number" },
        ]),
        "The network in numbers",
      ),
      table(
        ["Ties", "People"],
        report.degrees.bins.map(({ from, to, people }): Cell[] => [
          { text: from === to ? `${from}` : `${from} to ${to}` },
          { text: count(people), kind: "number" },
        ]),
        "People by how many ties they have",
      ),
    ),
    section(
      "Stability",
      "Whether the pairs of one month are there in the next, and whether the strongest contact is the same.",
      report.stability.length === 0
        ? paragraph("The logs have a single month.")
        : table(
            ["Month", "Pairs", "Lasting, %", "Same strongest, %"],
            report.stability.map((row): Cell[] => [
              { text: row.month },
              { text: count(row.pairs), kind: "number" },
              { text: (100 * row.lasting).toFixed(1), kind: "number" },
              { text: (100 * row.sameStrongest).toFixed(1), kind: "number" },
            ]),
            "Stability month by month",
          ),
    ),
    section(
      "What was read",
      "Events that were dropped are counted, and nothing else of them is kept.",
      table(
        ["Events", "Number"],
        networkEvents(reading).map(([name, value]): Cell[] => [
          { text: name },
          { text: count(value), kind: "number" },
        ]),
        "Calls and messages by what became of them",
      ),
    ),
  );
}

/** The measures of a report with their labels, as text. */
export function networkMeasures({
  people,
  ties,
  reciprocity,
  degrees,
  overlap,
}: NetworkReport): [string, string][] {
  const share = (value: number | null) => (value === null ? "not known" : percent(value));
  return [
    ["People with a tie", count(people)],
    ["Ties", count(ties)],
    ["Ties per person, mean", degrees.mean.toFixed(2)],
    ["Ties per person, median", degrees.median.toFixed(1)],
    ["Ties per person, most", count(degrees.most)],
    ["Pairs in which both call or write", share(reciprocity)],
    ["Overlap of contacts, mean", share(overlap)],
  ];
}

/** The counts of read, used and dropped events, with their labels. */
export function networkEvents({ read, used, dropped, hubs, people }: NetworkReading): [string, number][] {
  return [
    ["Events read", read],
    ["Used", used],
    ["Dropped: one of the two does not consent", dropped.noConsent],
    ["Dropped: with oneself, as voicemail", dropped.self],
    ["Dropped: short codes and service numbers", dropped.service],
    ["Dropped: outside the window", dropped.outside],
    ["Dropped: unreadable", dropped.unreadable],
    ["People who consent", people],
    ["People left out for more than 150 contacts", hubs],
  ];
}
