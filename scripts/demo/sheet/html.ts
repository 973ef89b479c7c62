import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cropImage, decodePhoto, encodeImage, type RgbImage } from "../../../src/io/image/index.ts";
import { cutFace } from "../people.ts";
import type { Scene, Story } from "../story.ts";
import { STYLE } from "./style.ts";
import { fileName, offerHeadline, reasonWords, whyOffer } from "./words.ts";

/** The contact sheet as one page that needs nothing else: fonts and pictures are inside. */
export async function renderPage(story: Story): Promise<string> {
  const { campaign, totals } = story;
  const matched = await inTurn(story.matched, (scene) => matchedCard(story, scene));
  const others = await inTurn(story.others, (scene) => otherCard(story, scene));
  const ads = await inTurn(story.distinct, (entry) => distinctAd(story, entry));
  const limit = campaign.policy.similarity.maxDistance;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(campaign.name)} · contact sheet</title>
<style>${await fontFaces()}${STYLE}</style>
</head>
<body>
<header class="top">
  <p class="brand">lookalike</p>
  <h1>${escapeHtml(campaign.name)}</h1>
  <p class="lead">Each customer gets the offer with the highest expected uplift, shown with the campaign photo whose face resembles their own most.</p>
  <dl class="figures">
    ${figure(totals.customers, "customers decided")}
    ${figure(totals.lookalikes, "see a look-alike")}
    ${figure(totals.heldOut, "in the holdout")}
    ${figure(totals.distinctAds, "distinct ads, rendered once")}
    ${figure(`${story.seconds.toFixed(0)} s`, "from photos to this page")}
  </dl>
</header>
<main>
<section aria-labelledby="matches">
  <h2 id="matches">Who sees whom</h2>
  <p class="note">Distance between two faces: 0 is the same picture; below 0.6 they usually show the same person, and the distances of look-alikes start near that. This campaign shows photos up to ${limit}.</p>
  ${matched.join("\n")}
</section>
<section aria-labelledby="others">
  <h2 id="others">Who sees the default photo, and why</h2>
  <div class="others">${others.join("\n")}</div>
</section>
<section aria-labelledby="counts">
  <h2 id="counts">All ${totals.customers} customers</h2>
  <div class="counts">
    ${bars("Offer", totals.offers)}
    ${bars(
      "Why the default photo",
      totals.reasons.map(([reason, n]) => [reason.replaceAll("_", " "), n] as const),
    )}
  </div>
</section>
<section aria-labelledby="ads">
  <h2 id="ads">Every distinct ad</h2>
  <div class="wall">${ads.join("\n")}</div>
</section>
</main>
<footer>Portraits and photos are the face-api package's samples; the telco and its customers are simulated.</footer>
</body>
</html>
`;
}

async function matchedCard(story: Story, scene: Scene): Promise<string> {
  const { decision, photo, portrait, facts } = scene;
  const distance = decision.photo?.distance ?? 0;
  const limit = story.campaign.policy.similarity.maxDistance;
  return `<article class="card">
  <div class="pair">
    <figure>${await picture(portrait, 420, `Portrait of customer ${decision.customer_id}`)}<figcaption>The customer</figcaption></figure>
    <div class="link"><strong>${distance.toFixed(2)}</strong><span>distance</span></div>
    <figure>${await faceOf(photo)}<figcaption>Nearest face of the inventory</figcaption></figure>
  </div>
  <div class="why">
    <p class="who">${escapeHtml(decision.customer_id)} · ${escapeHtml(facts)}</p>
    <h3>${escapeHtml(offerHeadline(story, decision))}</h3>
    <p>${escapeHtml(whyOffer(story, decision))}</p>
    ${scale(distance, limit)}
  </div>
  <div class="ads">
    ${await photoWithFace(photo)}
    ${(await creatives(story, scene)).join("")}
  </div>
</article>`;
}

/** Where the distance lies between the same picture and a stranger. */
function scale(distance: number, limit: number): string {
  const at = (value: number) => `${Math.min(100, value * 100).toFixed(1)}%`;
  return `<div class="scale" role="img" aria-label="Distance ${distance.toFixed(2)} of at most ${limit}">
    <i class="within" style="width:${at(limit)}"></i><i class="mark" style="left:${at(distance)}"></i>
    <span style="left:0">0</span><span style="left:${at(limit)}">${limit}</span><span style="left:100%">1</span>
  </div>`;
}

async function otherCard(story: Story, scene: Scene): Promise<string> {
  const { decision, portrait, facts } = scene;
  const reason = decision.photo?.reason;
  const why = reason === undefined ? whyOffer(story, decision) : `This customer ${reasonWords(reason)}.`;
  const face =
    portrait === null
      ? `<div class="closed" role="img" aria-label="Portrait not opened">${LOCK}<span>not opened</span></div>`
      : await picture(portrait, 220, `Portrait of customer ${decision.customer_id}`);
  const [square] = await creatives(story, {
    ...scene,
    decision: { ...decision, creatives: decision.creatives.slice(0, 1) },
  });
  return `<article class="other">
  <div class="row">${face}${square ?? `<div class="nothing">no ad</div>`}</div>
  <p class="who">${escapeHtml(decision.customer_id)} · ${escapeHtml(facts)}</p>
  <p>${escapeHtml(why)}</p>
</article>`;
}

async function distinctAd(story: Story, entry: Story["distinct"][number]): Promise<string> {
  const [creative] = entry.decision.creatives;
  if (creative === undefined) return "";
  const people = entry.customers === 1 ? "1 customer" : `${entry.customers} customers`;
  const file = join(story.ads, creative.file);
  return `<figure>${await picture(file, 360, offerHeadline(story, entry.decision))}<figcaption>${people}</figcaption></figure>`;
}

async function creatives(story: Story, { decision }: Scene): Promise<string[]> {
  return inTurn(decision.creatives, async ({ file, channel, width, height }) => {
    const shown = Math.min(width, 560);
    const alt = `Ad for ${channel}: ${offerHeadline(story, decision)}`;
    return `<figure style="--ratio:${width / height}">${await picture(join(story.ads, file), shown, alt)}<figcaption>${width} × ${height}</figcaption></figure>`;
  });
}

async function photoWithFace(photo: Scene["photo"]): Promise<string> {
  if (photo === null) return "";
  const { face, width, height, path } = photo;
  const percent = (value: number, of: number) => `${((100 * value) / of).toFixed(2)}%`;
  const box =
    face === null
      ? ""
      : `<i class="face" style="left:${percent(face.x, width)};top:${percent(face.y, height)};width:${percent(face.width, width)};height:${percent(face.height, height)}"></i>`;
  const image = await picture(path, 640, "The chosen photo, the resembling face framed");
  return `<figure class="photo" style="--ratio:${width / height}"><div class="framed">${image}${box}</div><figcaption>Chosen photo, ${escapeHtml(fileName(path))}</figcaption></figure>`;
}

/** The resembling face, cut as the portraits are. */
async function faceOf(photo: Scene["photo"]): Promise<string> {
  if (photo === null || photo.face === null) return "";
  return inline(await cutFace(photo.path, photo.face, 420), "The resembling face in the chosen photo");
}

/** An inline JPEG of at most `width` px. */
async function picture(path: string | null, width: number, alt: string): Promise<string> {
  if (path === null) return "";
  const { image } = await decodePhoto(path);
  const scaled = Math.min(1, width / image.width);
  const size = { width: Math.round(image.width * scaled), height: Math.round(image.height * scaled) };
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const small = await cropImage(image, whole, size.width, size.height);
  return inline(small, alt);
}

async function inline(image: RgbImage, alt: string): Promise<string> {
  const data = (await encodeImage(image, { format: "jpeg", quality: 82 })).toString("base64");
  return `<img src="data:image/jpeg;base64,${data}" width="${image.width}" height="${image.height}" alt="${escapeHtml(alt)}">`;
}

function figure(value: number | string, label: string): string {
  return `<div><dt>${label}</dt><dd>${value}</dd></div>`;
}

function bars(title: string, rows: readonly (readonly [string, number])[]): string {
  const most = Math.max(1, ...rows.map(([, count]) => count));
  const items = rows.map(
    ([name, count]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td><i style="width:${((100 * count) / most).toFixed(1)}%"></i></td><td class="n">${count}</td></tr>`,
  );
  return `<table><caption>${title}</caption>${items.join("")}</table>`;
}

const LOCK = `<svg viewBox="0 0 24 24" width="26" height="26" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><rect x="5" y="11" width="14" height="9" rx="2.4"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/></svg>`;

async function fontFaces(): Promise<string> {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve("@fontsource/inter/package.json")),
    "files",
  );
  const faces = await inTurn([500, 700, 800], async (weight) => {
    const data = (await readFile(join(folder, `inter-latin-${weight}-normal.woff2`))).toString("base64");
    return `@font-face{font-family:Inter;font-weight:${weight};font-display:swap;src:url(data:font/woff2;base64,${data}) format("woff2")}`;
  });
  return faces.join("");
}

async function inTurn<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await map(item));
  return results;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
