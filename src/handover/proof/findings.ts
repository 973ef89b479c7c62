import { lintOffers } from "../../ads/index.ts";
import { escapeHtml } from "../../reports/index.ts";
import type { Proof } from "./collect.ts";
import { countOf, warningText } from "./words.ts";

/** What a person should look at before the campaign goes out. */
export function findingsList(proof: Proof): string {
  const items = [...copyFindings(proof), ...creativeWarnings(proof), ...dataFindings(proof)];
  if (items.length === 0) return `<p class="note">Nothing: no warning was raised.</p>`;
  const lines = items.map(([title, detail]) => {
    return `<li>${escapeHtml(title)}<small>${escapeHtml(detail)}</small></li>`;
  });
  return `<div class="panel"><ul class="list">${lines.join("")}</ul></div>`;
}

const PLATFORM_NAMES = { meta: "Meta", google: "Google", email: "e-mail", other: "other channels" } as const;

type Item = readonly [title: string, detail: string];

function copyFindings({ run, offers }: Proof): Item[] {
  const shown = offers.map(({ offer }) => offer);
  const channels = run.channels.map(({ id }) => id);
  return lintOffers(shown, channels).map(({ offer, finding }): Item => {
    const { severity, platform, field, message, code } = finding;
    const where = `${severity === "error" ? "Refused by" : "For"} ${PLATFORM_NAMES[platform]}`;
    return [`${where}: ${message}`, `Offer ${offer.id}, ${field} (${code})`];
  });
}

function creativeWarnings({ run }: Proof): Item[] {
  const byCode = new Map<string, (typeof run.warnings)[number][]>();
  for (const warning of run.warnings)
    byCode.set(warning.code, [...(byCode.get(warning.code) ?? []), warning]);
  return [...byCode].map(([code, warnings]) => {
    const channels = [...new Set(warnings.map(({ channel }) => channel))].join(", ");
    const [first] = warnings;
    return [
      `${warningText(code)}: ${countOf(warnings.length, "creative")}`,
      `${channels}. ${first?.message ?? ""}`,
    ];
  });
}

function dataFindings({ run }: Proof): Item[] {
  const { refused, refusedByCode = {}, warnings = [] } = run.rows;
  const codes = Object.entries(refusedByCode).map(([code, rows]) => `${rows} by ${code}`);
  const why = codes.length === 0 ? "" : ` ${codes.join(", ")}.`;
  const refusals: Item = [
    `${countOf(refused, "row")} of the customers' file rejected`,
    `They have no decision; generate names each row.${why}`,
  ];
  return [
    ...(refused > 0 ? [refusals] : []),
    ...warnings.map((message): Item => ["A column may not be what the model expects", message]),
    ...run.unjudgedOffers.map(
      (id): Item => [`Nobody is shown the offer ${id}`, "The model has no data that it could be judged by."],
    ),
  ];
}
