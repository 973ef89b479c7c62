import { escapeHtml } from "../../reports/index.ts";
import { barTable, histogram } from "./charts.ts";
import type { Proof, ProofOffer } from "./collect.ts";
import { count, countOf, day, moment, reasonText, share, signed } from "./words.ts";

/** The page's parts that count; each is a whole `section` with a heading. */

export function header(proof: Proof): string {
  const { run, customers, shownNothing, heldOut, lookalikes, ads } = proof;
  const shown = customers - shownNothing;
  const creatives = new Set(ads.flatMap((ad) => ad.creatives.map(({ file }) => file))).size;
  const figure = (value: string, label: string) => `<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return `<header class="top"><div class="wrap">
<p class="brand">${escapeHtml(run.brand.name)}</p>
<h1>${escapeHtml(run.campaign)}</h1>
<p class="lead">Every distinct ad of the campaign, who it goes to in numbers, and how it was chosen. ${day(run.at)}.</p>
<dl class="figures">
${figure(count(customers), customers === 1 ? "customer decided" : "customers decided")}
${figure(count(shown), "are shown an ad")}
${figure(share(lookalikes, shown), "of them see a look-alike")}
${figure(count(ads.length), ads.length === 1 ? "distinct ad" : "distinct ads")}
${figure(count(creatives), `creatives in ${countOf(run.channels.length, "channel")}`)}
${figure(count(heldOut), "in the holdout")}
</dl>
</div></header>`;
}

export function offersSection({ offers, run, customers, shownNothing, heldOut }: Proof): string {
  const bases = new Set(offers.map(({ basis }) => basis));
  const shown = customers - shownNothing;
  const table = offers.map((entry) => offerRow(entry, { shown, currency: run.currency })).join("");
  return `<section id="offers" aria-labelledby="offers-title"><h2 id="offers-title">How the offers were chosen</h2>
${bases.has("uplift") ? `<p class="note"><strong>By uplift, a causal estimate.</strong> Uplift is the increase in a customer's probability to buy because of the offer. It was estimated from a past campaign that assigned offers at random. Each customer gets the offer whose uplift earns most after its cost.</p>` : ""}
${bases.has("lift") ? `<p class="note"><strong>By lift, an association.</strong> Lift compares how often similar customers buy this next with all customers. It comes from logs alone and does not prove that the offer makes anybody buy; only a holdout can tell.</p>` : ""}
<div class="panel scroll" tabindex="0" role="region" aria-label="Offers"><table class="data"><thead><tr><th scope="col">Offer</th><th scope="col">Customers</th><th scope="col">Share</th><th scope="col">Mean uplift</th><th scope="col">Mean lift</th><th scope="col">Expected value</th></tr></thead><tbody>${table}</tbody></table></div>
${holdoutNote({ heldOut, customers, shownNothing, share: run.policy.holdout })}
</section>`;
}

function offerRow(
  { offer, customers, unit, meanUplift, meanLift, expectedValue }: ProofOffer,
  { shown, currency }: { readonly shown: number; readonly currency: string },
): string {
  const uplift = meanUplift === null ? "–" : upliftText(meanUplift, unit, currency);
  const lift = meanLift === null ? "–" : `× ${meanLift.toFixed(2)}`;
  const value = `${count(Math.round(expectedValue))} ${escapeHtml(currency)}`;
  return `<tr><th scope="row">${escapeHtml(offer.copy.headline)}<small>${escapeHtml(offer.product)}, ${escapeHtml(offer.id)}</small></th><td>${count(customers)}</td><td>${share(customers, shown)}</td><td>${uplift}</td><td>${lift}</td><td>${value}</td></tr>`;
}

function upliftText(mean: number, unit: ProofOffer["unit"], currency: string): string {
  if (unit === "probability") return `${signed(100 * mean, 1)} points`;
  return `${signed(mean, 2)} ${escapeHtml(currency)}`;
}

function holdoutNote(held: {
  readonly heldOut: number;
  readonly customers: number;
  readonly shownNothing: number;
  readonly share: number;
}): string {
  const others = held.shownNothing - held.heldOut;
  const rest =
    others > 0
      ? ` ${countOf(others, "customer")} more are shown nothing, because no offer was expected to earn its cost.`
      : "";
  const text =
    held.heldOut > 0
      ? `<strong>${countOf(held.heldOut, "customer")} (${share(held.heldOut, held.customers)}) are in the holdout</strong>: chosen at random and shown nothing, so that the effect of the campaign can be measured against them.`
      : "<strong>There is no holdout</strong>, so the effect of this campaign cannot be measured. Set <code>policy.holdout</code>.";
  return `<div class="panel" id="holdout"><h3>Holdout</h3><p>${text}${rest}</p></div>`;
}

export function likenessSection({ bins, run, lookalikes, defaults, customers, shownNothing }: Proof): string {
  const shown = customers - shownNothing;
  const chart =
    lookalikes === 0
      ? "<p>No customer is shown a look-alike.</p>"
      : `<p>Distance between a customer's face and the face in the photo: 0 is the same picture, about 0.6 and below is often the same person. The campaign uses photos up to ${run.policy.maxDistance}.</p>${histogram(bins, run.policy)}`;
  const rows = defaults.map(([reason, value]) => ({ label: reasonText(reason), value }));
  const reasons =
    rows.length === 0
      ? "<p>Every customer with an ad sees a look-alike.</p>"
      : `<p>Without consent a portrait is never opened.</p>${barTable("Customers by reason", rows, shown)}`;
  return `<section id="likeness" aria-labelledby="likeness-title"><h2 id="likeness-title">How alike the faces are</h2>
<p class="note">${countOf(lookalikes, "customer")} of ${count(shown)} are shown a photo with a face that resembles their own.</p>
<div class="two"><div class="panel"><h3>Match distances</h3>${chart}</div>
<div class="panel"><h3>Why others see the default photo</h3>${reasons}</div></div></section>`;
}

export function footer({ run, models }: Proof): string {
  const versions = Object.entries(models).map(([part, version]) => {
    return `${escapeHtml(part)} <code>${escapeHtml(version)}</code>`;
  });
  return `<footer><div class="wrap"><p>Numbers are counts of customers. This page contains no customer and no portrait. Consent and releases as of ${moment(run.at)}.${versions.length === 0 ? "" : ` Models: ${versions.join(", ")}.`}</p></div></footer>`;
}
