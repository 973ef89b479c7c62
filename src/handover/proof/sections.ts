import { escapeHtml } from "../../reports/index.ts";
import { barTable, histogram } from "./charts.ts";
import type { Proof, ProofOffer } from "./collect.ts";
import type { Speaker } from "./words/index.ts";

/** The sections with figures; each is a whole `section` with a heading. */

export function header(proof: Proof, { say, sayFor, count, share, day }: Speaker): string {
  const { run, customers, shownNothing, heldOut, lookalikes, ads } = proof;
  const shown = customers - shownNothing;
  const creatives = new Set(ads.flatMap((ad) => ad.creatives.map(({ file }) => file))).size;
  const figure = (value: string, label: string) => `<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return `<header class="top"><div class="wrap">
<p class="brand">${escapeHtml(run.brand.name)}</p>
<h1>${escapeHtml(run.campaign)}</h1>
<p class="lead">${say("lead", { day: day(run.at) })}</p>
<dl class="figures">
${figure(count(customers), sayFor(customers, "decided"))}
${figure(count(shown), say("are_shown"))}
${figure(share(lookalikes, shown), say("see_lookalike"))}
${figure(count(ads.length), sayFor(ads.length, "distinct"))}
${figure(count(creatives), say("creatives_in", { channels: sayFor(run.channels.length, "channel") }))}
${figure(count(heldOut), say("in_holdout"))}
</dl>
</div></header>`;
}

export function offersSection(
  { offers, run, customers, shownNothing, heldOut }: Proof,
  speaker: Speaker,
): string {
  const { say } = speaker;
  const column = (word: Parameters<Speaker["say"]>[0]) => `<th scope="col">${say(word)}</th>`;
  const bases = new Set(offers.map(({ basis }) => basis));
  const shown = customers - shownNothing;
  const table = offers.map((entry) => offerRow(entry, { shown, currency: run.currency, speaker })).join("");
  return `<section id="offers" aria-labelledby="offers-title"><h2 id="offers-title">${say("offers_title")}</h2>
${bases.has("uplift") ? `<p class="note">${say("by_uplift")}</p>` : ""}
${bases.has("lift") ? `<p class="note">${say("by_lift")}</p>` : ""}
<div class="panel scroll" tabindex="0" role="region" aria-label="${say("nav_offers")}"><table class="data"><thead><tr>${(["column_offer", "column_customers", "column_share", "column_uplift", "column_lift", "column_value"] as const).map(column).join("")}</tr></thead><tbody>${table}</tbody></table></div>
${holdoutNote({ heldOut, customers, shownNothing }, speaker)}
</section>`;
}

function offerRow(
  { offer, customers, unit, meanUplift, meanLift, expectedValue }: ProofOffer,
  {
    shown,
    currency,
    speaker,
  }: { readonly shown: number; readonly currency: string; readonly speaker: Speaker },
): string {
  const { count, share, fixed } = speaker;
  const uplift = meanUplift === null ? "–" : upliftText(meanUplift, { unit, currency, speaker });
  const lift = meanLift === null ? "–" : `× ${fixed(meanLift, 2)}`;
  const value = expectedValue === null ? "–" : `${count(Math.round(expectedValue))} ${escapeHtml(currency)}`;
  return `<tr><th scope="row">${escapeHtml(offer.copy.headline)}<small>${escapeHtml(offer.product)}, ${escapeHtml(offer.id)}</small></th><td>${count(customers)}</td><td>${share(customers, shown)}</td><td>${uplift}</td><td>${lift}</td><td>${value}</td></tr>`;
}

function upliftText(
  mean: number,
  {
    unit,
    currency,
    speaker: { say, signed },
  }: { readonly unit: ProofOffer["unit"]; readonly currency: string; readonly speaker: Speaker },
): string {
  if (unit === "probability") return say("points", { amount: signed(100 * mean, 1) });
  return `${signed(mean, 2)} ${escapeHtml(currency)}`;
}

function holdoutNote(
  { heldOut, customers, shownNothing }: Pick<Proof, "heldOut" | "customers" | "shownNothing">,
  { say, sayFor, share }: Speaker,
): string {
  const others = shownNothing - heldOut;
  const rest = others > 0 ? sayFor(others, "shown_nothing", { customers: sayFor(others, "customer") }) : "";
  const size = { customers: sayFor(heldOut, "customer"), share: share(heldOut, customers) };
  const text = heldOut > 0 ? sayFor(heldOut, "holdout_size", size) : say("no_holdout");
  return `<div class="panel" id="holdout"><h3>${say("holdout_title")}</h3><p>${text}${rest}</p></div>`;
}

export function likenessSection(
  { bins, run, lookalikes, defaults, customers, shownNothing }: Proof,
  speaker: Speaker,
): string {
  const { say, sayFor, count } = speaker;
  const shown = customers - shownNothing;
  const limit = speaker.decimal(run.policy.maxDistance);
  const chart =
    lookalikes === 0
      ? `<p>${say("no_lookalike")}</p>`
      : `<p>${say("distances_note", { limit })}</p>${histogram(bins, run.policy, speaker)}`;
  const rows = defaults.map(([reason, value]) => ({ label: speaker.reason(reason), value }));
  const reasons =
    rows.length === 0
      ? `<p>${say("no_reasons")}</p>`
      : `<p>${say("reasons_note")}</p>${barTable(say("reasons_caption"), rows, shown, speaker)}`;
  const note = sayFor(lookalikes, "likeness_note", {
    customers: sayFor(lookalikes, "customer"),
    shown: count(shown),
  });
  return `<section id="likeness" aria-labelledby="likeness-title"><h2 id="likeness-title">${say("likeness_title")}</h2>
<p class="note">${note}</p>
<div class="two"><div class="panel"><h3>${say("distances_title")}</h3>${chart}</div>
<div class="panel"><h3>${say("reasons_title")}</h3>${reasons}</div></div></section>`;
}

export function footer({ run, models }: Proof, { say, moment }: Speaker): string {
  const versions = Object.entries(models).map(([part, version]) => {
    return `${escapeHtml(part)} <code>${escapeHtml(version)}</code>`;
  });
  const made = versions.length === 0 ? "" : say("models", { models: versions.join(", ") });
  return `<footer><div class="wrap"><p>${say("footer", { moment: moment(run.at) })}${made}</p></div></footer>`;
}
