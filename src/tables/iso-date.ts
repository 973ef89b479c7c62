import { LookalikeError } from "../core/index.ts";

const DAY_MS = 86_400_000;

/** 31.03.2026: dates written with points have the day first. */
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?=$|[ T])/;

const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * A date of the calendar in ISO 8601, as 31.03.2026 or 2026/03/31, with or without time; without a zone it is UTC.
 *
 * @param of a day without a time: its first moment (default), or its last, as for something that ends that day
 * @throws ERR_ROW_DATE_INVALID
 */
export function parseDate(text: string, name: string, of: "start" | "end" = "start"): Date {
  const parts = ISO_8601.exec(isoOf(text.trim()));
  const invalid = () =>
    new LookalikeError(
      "ERR_ROW_DATE_INVALID",
      `Expected a date for ${name} but received ${JSON.stringify(text.slice(0, 40))}`,
      { hint: "Write dates as 2026-03-31 or 2026-03-31T12:00:00Z." },
    );
  if (parts === null) throw invalid();
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millisecond = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond));
  date.setUTCFullYear(year, month - 1, day);
  const isOfCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month >= 1;
  if (!isOfCalendar || hour > 23 || minute > 59 || second > 59) throw invalid();
  if (of === "end" && parts[4] === undefined) return new Date(date.getTime() + DAY_MS - 1);
  const zone = parts[8] ?? "Z";
  if (/^z$/i.test(zone)) return date;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(":", "") || 0)];
  if (hours > 14 || minutes > 59) throw invalid();
  const offset = (hours * 60 + minutes) * (zone.startsWith("-") ? -1 : 1);
  return new Date(date.getTime() - offset * 60_000);
}

function isoOf(text: string): string {
  const dotted = text.replace(DOTTED, (_, day: string, month: string, year: string) =>
    [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-"),
  );
  return dotted.replace(/^(\d{4})\/(\d{2})\/(\d{2})/, "$1-$2-$3");
}
