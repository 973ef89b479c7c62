import { existsSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../../../shared/data/calls/", import.meta.url).pathname;
/** The study's clock starts at 0: days count from here. */
export const START = new Date("2026-01-01T00:00:00Z");
export const DAY_MS = 86_400_000;

/** Calls and messages of the Copenhagen Networks Study as `openNetwork` takes them; null: the data are not here. */
export function studyLogs() {
  if (!existsSync(FOLDER)) return null;
  return {
    calls: {
      source: `${FOLDER}calls.csv`,
      mapping: { caller_id: "caller", callee_id: "callee", started_at: "timestamp", duration_s: "duration" },
    },
    messages: {
      source: `${FOLDER}sms.csv`,
      mapping: { sender_id: "sender", recipient_id: "recipient", sent_at: "timestamp" },
    },
    logStart: START,
  } as const;
}

export interface StudyEvent {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Seconds of a call, -1 missed; null: a message. */
  readonly seconds: number | null;
}

/** The same events as numbers, for baselines that do not go through the library. */
export function studyEvents(): StudyEvent[] {
  const read = (name: string) =>
    readFileSync(`${FOLDER}${name}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").map(Number));
  const event = (row: number[], isCall: boolean): StudyEvent => ({
    at: row[0] ?? 0,
    from: row[1] ?? 0,
    to: row[2] ?? 0,
    seconds: isCall ? (row[3] ?? 0) : null,
  });
  return [
    ...read("calls.csv").map((row) => event(row, true)),
    ...read("sms.csv").map((row) => event(row, false)),
  ].filter(({ from, to }) => from !== to);
}

/** Everybody of the study takes part in the measurement. */
export function studyPeople(events: readonly StudyEvent[]): string[] {
  return [...new Set(events.flatMap(({ from, to }) => [String(from), String(to)]))];
}

/** Declared friends as `low-high`, from `edges.txt` of cem-sirin/mplexaa: layer 2, ids one above ours. */
export function readFriends(path: string): ReadonlySet<string> {
  const rows = readFileSync(path, "utf8").trim().split("\n");
  return new Set(
    rows.flatMap((line) => {
      const [layer = 0, a = 0, b = 0] = line.trim().split(/\s+/).map(Number);
      return layer === 2 ? [pairKey(a - 1, b - 1)] : [];
    }),
  );
}

export function pairKey(a: number, b: number): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}
