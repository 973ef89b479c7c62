import { write } from "../scratch.ts";

export type Call = readonly [from: string, to: string, day: number, hour?: number];

const MONTH = (day: number) => `2026-0${1 + Math.floor(day / 28)}-${String(1 + (day % 28)).padStart(2, "0")}`;

/** A call log; day 0 is 2026-01-01, and every 28 days another month begins. */
export function callLog(folder: string, name: string, calls: readonly Call[]): string {
  const rows = calls.map(
    ([from, to, day, hour = 10]) => `${from},${to},${MONTH(day)} ${String(hour).padStart(2, "0")}:05:00,60`,
  );
  return write(folder, name, ["caller_id,callee_id,started_at,duration_s", ...rows, ""].join("\n"));
}

export function messageLog(folder: string, name: string, messages: readonly Call[]): string {
  const rows = messages.map(
    ([from, to, day, hour = 12]) => `${from},${to},${MONTH(day)} ${String(hour).padStart(2, "0")}:30:00`,
  );
  return write(folder, name, ["sender_id,recipient_id,sent_at", ...rows, ""].join("\n"));
}

/** Both directions on a day. */
export function talk(a: string, b: string, ...days: readonly number[]): Call[] {
  return days.flatMap((day): Call[] => [
    [a, b, day],
    [b, a, day, 18],
  ]);
}
