import type { Creative } from "../../ads/index.ts";
import { escapeHtml, sentence } from "../../reports/index.ts";
import { altText } from "../export/text.ts";
import type { Proof, ProofAd } from "./collect.ts";
import type { Speaker } from "./words/index.ts";

/** Renders a creative's picture; null if the page has no room for it. */
export type Picture = (creative: Creative) => Promise<string | null>;

/** Banners of this aspect ratio and wider get a line of their own. */
const WIDE = 2.4;

/** With more offers than this there are no filter buttons. */
const MOST_FILTERS = 12;

/** Buttons that filter the ads, with the style that makes them work without a script. */
export function adFilters(
  { offers, ads }: Proof,
  { say }: Speaker,
): { readonly html: string; readonly style: string } {
  const bases = new Set(ads.map(({ photo }) => photo.basis));
  const choices = [
    { label: say("all_ads"), hides: "" },
    ...(offers.length > 1 && offers.length <= MOST_FILTERS
      ? offers.map(({ offer }, i) => ({ label: offer.product, hides: `.ad:not([data-offer="${i}"])` }))
      : []),
    ...(["lookalike", "drawn", "default"] as const)
      .filter((basis) => bases.size > 1 && bases.has(basis))
      .map((basis) => ({
        label: say(basis === "lookalike" ? "photo_lookalikes" : `photo_${basis}`),
        hides: `.ad:not([data-basis="${basis}"])`,
      })),
  ];
  if (choices.length < 2) return { html: "", style: "" };
  const inputs = choices.map(({ label }, i) => {
    const checked = i === 0 ? " checked" : "";
    return `<label><input type="radio" name="show" id="show-${i}"${checked}><span>${escapeHtml(label)}</span></label>`;
  });
  const rules = choices.map(({ hides }, i) =>
    hides === "" ? "" : `main:has(#show-${i}:checked) ${hides}{display:none}`,
  );
  return {
    html: `<fieldset class="filters" aria-label="${say("show")}">${inputs.join("")}</fieldset>`,
    style: rules.join(""),
  };
}

export interface CardParts {
  readonly proof: Proof;
  readonly ad: ProofAd;
  readonly picture: Picture;
  readonly speaker: Speaker;
}

/** One distinct ad: its images in every channel, its texts, and its number of customers. */
export async function adCard({ proof, ad, picture, speaker }: CardParts): Promise<string> {
  const { say, sayFor, share } = speaker;
  const draw: Draw = { picture, speaker };
  const index = proof.offers.findIndex(({ offer }) => offer.id === ad.offer.id);
  const [main, ...others] = bySquareness(ad.creatives);
  const shown = proof.customers - proof.shownNothing;
  const isMatch = ad.photo.basis === "lookalike";
  return `<article class="ad" data-offer="${index}" data-basis="${ad.photo.basis}">
${main === undefined ? unseen(ad, speaker) : await figure(main, altText(ad.copy), draw)}
<div class="facts">
<p class="tag${isMatch ? " match" : ""}">${say(`photo_${ad.photo.basis}`)}</p>
<h3>${escapeHtml(ad.copy.headline)}</h3>
<p class="who">${escapeHtml(ad.offer.product)} · ${escapeHtml(ad.photo.name)}</p>
<p class="who"><strong>${sayFor(ad.customers, "customer")}</strong>, ${share(ad.customers, shown)}</p>
${distance(ad, speaker)}
</div>
${others.length === 0 ? "" : await strip(others, draw)}
</article>`;
}

interface Draw {
  readonly picture: Picture;
  readonly speaker: Speaker;
}

function unseen({ customers }: ProofAd, { say, sayFor }: Speaker): string {
  return `<p class="unseen">${say("unseen", { customers: sayFor(customers, "customer") })}</p>`;
}

function distance({ distance: found }: ProofAd, { say, fixed }: Speaker): string {
  if (found === null) return "";
  const values = { least: fixed(found.least, 2), mean: fixed(found.mean, 2), most: fixed(found.most, 2) };
  const word = found.most - found.least < 0.005 ? "distance" : "distance_range";
  return `<p class="who">${say(word, values)}</p>`;
}

async function strip(creatives: readonly Creative[], draw: Draw): Promise<string> {
  const alt = draw.speaker.say("same_ad");
  const figures = await Promise.all(creatives.map((creative) => figure(creative, alt, draw)));
  return `<div class="strip">${figures.join("")}</div>`;
}

async function figure(creative: Creative, alt: string, { picture, speaker }: Draw): Promise<string> {
  const { say } = speaker;
  const { channel, width, height, bytes } = creative;
  const name = channelName(channel);
  const weight = `${Math.max(1, Math.round(bytes / 1000))} kB`;
  const caption = `<b>${escapeHtml(name)}</b> <span>${width} × ${height}</span> <span>${weight}</span>`;
  const source = await picture(creative);
  if (source === null) return `<figure><figcaption>${caption} ${say("not_pictured")}</figcaption></figure>`;
  const image = `<img src="${source}" width="${width}" height="${height}" alt="${escapeHtml(`${alt}, ${name}`)}">`;
  const shape = width / height > WIDE ? ' class="wide"' : "";
  return `<figure${shape}><label class="shot"><input type="checkbox" aria-label="${escapeHtml(say("enlarge", { name }))}">${image}</label><figcaption>${caption}</figcaption></figure>`;
}

/** A channel's name without the size, which stands beside it. */
function channelName(id: string): string {
  return sentence(id.replace(/-?\d+x\d+$|-\d+$/, "").replaceAll(/[-_.]+/g, " ") || id);
}

function bySquareness(creatives: readonly Creative[]): readonly Creative[] {
  const rank = ({ width, height }: Creative) =>
    Math.abs(Math.log(width / height)) - Math.min(width, height) / 4000;
  const [main, ...others] = creatives.toSorted((a, b) => rank(a) - rank(b));
  return main === undefined ? [] : [main, ...others.sort((a, b) => b.width * b.height - a.width * a.height)];
}

/** The note if not every creative has a picture. */
export function picturedNote(pictured: number, all: number, { say, count }: Speaker): string {
  return pictured >= all ? "" : say("pictured", { pictured: count(pictured), all: count(all) });
}
