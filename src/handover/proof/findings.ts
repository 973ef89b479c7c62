import { lintOffers } from "../../ads/index.ts";
import { escapeHtml } from "../../reports/index.ts";
import type { Proof } from "./collect.ts";
import type { Speaker } from "./words/index.ts";

/** The points for a person to check before the campaign is sent. Messages of checks stay in English. */
export function findingsList(proof: Proof, speaker: Speaker): string {
  const items = [
    ...copyFindings(proof, speaker),
    ...creativeWarnings(proof, speaker),
    ...dataFindings(proof, speaker),
  ];
  if (items.length === 0) return `<p class="note">${speaker.say("nothing")}</p>`;
  const lines = items.map(([title, detail]) => {
    return `<li>${escapeHtml(title)}<small>${escapeHtml(detail)}</small></li>`;
  });
  return `<div class="panel"><ul class="list">${lines.join("")}</ul></div>`;
}

type Item = readonly [title: string, detail: string];

function copyFindings({ run, offers }: Proof, { say }: Speaker): Item[] {
  const names = {
    meta: "Meta",
    google: "Google",
    email: say("platform_email"),
    other: say("platform_other"),
  } as const;
  const shown = offers.map(({ offer }) => offer);
  const channels = run.channels.map(({ id }) => id);
  return lintOffers(shown, channels).map(({ offer, finding }): Item => {
    const { severity, platform, field, message, code } = finding;
    const word = severity === "error" ? "refused_by" : "for_platform";
    return [
      say(word, { platform: names[platform], message }),
      say("offer_field", { offer: offer.id, field, code }),
    ];
  });
}

function creativeWarnings({ run }: Proof, { warning: warningText, sayFor }: Speaker): Item[] {
  const byCode = new Map<string, (typeof run.warnings)[number][]>();
  for (const warning of run.warnings)
    byCode.set(warning.code, [...(byCode.get(warning.code) ?? []), warning]);
  return [...byCode].map(([code, warnings]) => {
    const channels = [...new Set(warnings.map(({ channel }) => channel))].join(", ");
    const [first] = warnings;
    return [
      `${warningText(code)}: ${sayFor(warnings.length, "creative")}`,
      `${channels}. ${first?.message ?? ""}`,
    ];
  });
}

function dataFindings({ run }: Proof, { say, sayFor }: Speaker): Item[] {
  const { refused, refusedByCode = {}, warnings = [] } = run.rows;
  const codes = Object.entries(refusedByCode).map(([code, rows]) => say("rows_by", { count: rows, code }));
  const why = codes.length === 0 ? "" : ` ${codes.join(", ")}.`;
  const refusals: Item = [sayFor(refused, "rows"), `${say("rows_detail")}${why}`];
  return [
    ...(refused > 0 ? [refusals] : []),
    ...warnings.map((message): Item => [say("column_differs"), message]),
    ...run.unjudgedOffers.map((id): Item => [say("unjudged", { offer: id }), say("unjudged_detail")]),
  ];
}
