import { join } from "node:path";
import { cutFace } from "../people.ts";
import type { Scene, Story } from "../story.ts";
import { type Canvas, createCanvas } from "./canvas.ts";
import { fileName, offerHeadline, reasonWords, whyOffer } from "./words.ts";

/** The contact sheet as one picture, drawn without a browser. All lengths in px. */

const WIDTH = 2260;
const MARGIN = 64;
const INNER = WIDTH - 2 * MARGIN;
const GROUND = "#f3f3f7";
const CARD = "#ffffff";
const INK = "#17151f";
const SOFT = "#5d5a6b";
const LINE = "#e3e2ea";
const BRAND = "#5b2be0";
const TINT = "#ece6fd";

/** @returns PNG bytes */
export async function drawSheet(story: Story): Promise<Buffer> {
  const canvas = await createCanvas(WIDTH, GROUND);
  let y = await drawHeader(canvas, story);
  y = await drawHeading(canvas, "Who sees whom", y + 44);
  const photoWidth = Math.max(...story.matched.map(({ photo }) => widthOf(photo)));
  for (const scene of story.matched) y = await drawMatch(canvas, story, scene, { y: y + 20, photoWidth });
  if (story.others.length > 0) {
    y = await drawHeading(canvas, "Who sees the default photo, and why", y + 56);
    y = await drawOthers(canvas, story, y + 20);
  }
  const credit =
    "Portraits and photos: the face-api package's samples. The telco and its customers are simulated.";
  y = await canvas.text(credit, MARGIN, y + 40, { size: 20, color: SOFT });
  return canvas.finish(y + MARGIN - 20);
}

async function drawHeader(canvas: Canvas, { campaign, totals, seconds }: Story): Promise<number> {
  await canvas.text("lookalike", MARGIN, 52, { size: 26, weight: 800, color: BRAND });
  let y = await canvas.text(campaign.name, MARGIN, 88, { size: 72, weight: 800, color: INK });
  y += 20;
  const figures: readonly (readonly [string, string])[] = [
    [String(totals.customers), "customers decided"],
    [String(totals.lookalikes), "see a look-alike"],
    [String(totals.heldOut), "in the holdout"],
    [String(totals.distinctAds), "distinct ads, rendered once"],
    [`${seconds.toFixed(0)} s`, "from photos to this sheet"],
  ];
  const width = INNER / figures.length;
  await drawCard(canvas, { x: MARGIN, y, width: INNER, height: 132 });
  for (const [i, [value, label]] of figures.entries()) {
    const x = MARGIN + i * width + 32;
    await canvas.text(value, x, y + 18, { size: 46, weight: 800, color: INK });
    await canvas.text(label, x, y + 82, { size: 21, color: SOFT });
    if (i > 0) {
      const place = { x: Math.round(MARGIN + i * width), y, width: 2, height: 132 };
      await canvas.shapes(`<rect width="2" height="132" fill="${LINE}"/>`, place);
    }
  }
  return y + 132;
}

function drawHeading(canvas: Canvas, words: string, y: number): Promise<number> {
  return canvas.text(words, MARGIN, y, { size: 38, weight: 800, color: INK });
}

/** The height of all pictures of a match. */
const SIDE = 250;

function widthOf(photo: Scene["photo"]): number {
  return photo === null ? 0 : Math.round((photo.width / photo.height) * SIDE);
}

/**
 * Portrait, distance, chosen photo, why, finished ads: left to right.
 *
 * @param photoWidth of the widest chosen photo of all matches, so that their texts start at one edge
 */
async function drawMatch(
  canvas: Canvas,
  story: Story,
  scene: Scene,
  { y, photoWidth }: { readonly y: number; readonly photoWidth: number },
): Promise<number> {
  const { decision, photo, portrait, facts } = scene;
  const side = SIDE;
  const height = side + 98;
  await drawCard(canvas, { x: MARGIN, y, width: INNER, height });
  const top = y + 32;
  const caption = { size: 19, color: SOFT, maxLines: 1 } as const;

  let x = MARGIN + 32;
  if (portrait !== null) await canvas.photo(portrait, { x, y: top, width: side, height: side }, CARD);
  await canvas.text("Customer", x, top + side + 8, caption);
  x += side + 20;
  await drawDistance(canvas, decision.photo?.distance ?? 0, x, top + side / 2 - 46);
  x += 104 + 20;
  if (photo !== null && photo.face !== null) {
    const face = await cutFace(photo.path, photo.face, side);
    await canvas.image(face, { x, y: top, width: side, height: side }, CARD);
    await canvas.text("Nearest face", x, top + side + 8, caption);
  }
  x += side + 24;
  if (photo !== null) {
    const place = { x, y: top, width: widthOf(photo), height: side };
    await canvas.photo(photo.path, place, CARD);
    if (photo.face !== null) await canvas.shapes(faceFrame(photo.face, side / photo.height), place);
    await canvas.text(fileName(photo.path), x, top + side + 8, { ...caption, maxWidth: place.width });
  }
  x += photoWidth + 40;
  const ads = decision.creatives.map(({ file, width, height: h }) => ({
    path: join(story.ads, file),
    width: Math.round((width / h) * side),
    caption: `${width} × ${h}`,
  }));
  const adsWidth = ads.reduce((sum, ad) => sum + ad.width + 20, -20);
  const adsLeft = MARGIN + INNER - 32 - adsWidth;
  await drawWhy(canvas, story, scene, { x, y: top, width: adsLeft - 36 - x, facts });
  let left = adsLeft;
  for (const ad of ads) {
    await canvas.photo(ad.path, { x: left, y: top, width: ad.width, height: side }, CARD);
    await canvas.text(ad.caption, left, top + side + 8, caption);
    left += ad.width + 20;
  }
  return y + height;
}

async function drawDistance(canvas: Canvas, distance: number, x: number, y: number): Promise<void> {
  const pill = { x, y, width: 104, height: 52 };
  await canvas.shapes(`<rect width="104" height="52" rx="26" fill="${TINT}"/>`, pill);
  await canvas.text(distance.toFixed(2), x + 52, y + 4, {
    size: 27,
    weight: 800,
    color: BRAND,
    centered: true,
  });
  await canvas.text("distance", x + 52, y + 58, { size: 18, color: SOFT, centered: true });
}

async function drawWhy(
  canvas: Canvas,
  story: Story,
  { decision }: Scene,
  place: { readonly x: number; readonly y: number; readonly width: number; readonly facts: string },
): Promise<void> {
  const { x, width: maxWidth } = place;
  const who = `${decision.customer_id} · ${place.facts}`;
  let y = await canvas.text(who, x, place.y + 6, { size: 19, color: SOFT, maxWidth, maxLines: 2 });
  const headline = offerHeadline(story, decision);
  y = await canvas.text(headline, x, y + 4, { size: 29, weight: 800, color: INK, maxWidth, maxLines: 3 });
  await canvas.text(whyOffer(story, decision), x, y + 4, { size: 20, color: SOFT, maxWidth, maxLines: 4 });
}

async function drawOthers(canvas: Canvas, story: Story, top: number): Promise<number> {
  const columns = 4;
  const gap = 24;
  const width = Math.floor((INNER - (columns - 1) * gap) / columns);
  const side = Math.floor((width - 48 - 16) / 2);
  const height = side + 184;
  let y = top;
  for (const [i, scene] of story.others.entries()) {
    const x = MARGIN + (i % columns) * (width + gap);
    if (i > 0 && i % columns === 0) y += height + gap;
    await drawOther(canvas, story, scene, { x, y, width, height, side });
  }
  return y + height;
}

async function drawOther(
  canvas: Canvas,
  story: Story,
  { decision, portrait, facts }: Scene,
  { x, y, width, height, side }: { x: number; y: number; width: number; height: number; side: number },
): Promise<void> {
  await drawCard(canvas, { x, y, width, height });
  const left = { x: x + 24, y: y + 24, width: side, height: side };
  const right = { ...left, x: left.x + side + 16 };
  if (portrait === null) await drawEmpty(canvas, left, "not opened");
  else await canvas.photo(portrait, left, CARD);
  const [creative] = decision.creatives;
  if (creative === undefined) await drawEmpty(canvas, right, "no ad");
  else await canvas.photo(join(story.ads, creative.file), right, CARD);
  const maxWidth = width - 48;
  const reason = decision.photo?.reason;
  const why = reason === undefined ? whyOffer(story, decision) : `This customer ${reasonWords(reason)}.`;
  const below = await canvas.text(`${decision.customer_id} · ${facts}`, left.x, left.y + side + 14, {
    size: 18,
    color: SOFT,
    maxWidth,
    maxLines: 1,
  });
  await canvas.text(why, left.x, below + 2, { size: 21, color: INK, maxWidth, maxLines: 3 });
}

async function drawEmpty(canvas: Canvas, place: Place, words: string): Promise<void> {
  const { width, height } = place;
  const box = `<rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="16" fill="${GROUND}" stroke="${LINE}" stroke-width="2"/>`;
  await canvas.shapes(box, place);
  await canvas.text(words, place.x + width / 2, place.y + height / 2 - 17, {
    size: 20,
    color: SOFT,
    centered: true,
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawCard(canvas: Canvas, place: Place): Promise<void> {
  const { width, height } = place;
  const box = `<rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="24" fill="${CARD}" stroke="${LINE}" stroke-width="2"/>`;
  return canvas.shapes(box, place);
}

function faceFrame(face: { x: number; y: number; width: number; height: number }, scale: number): string {
  const [x, y, width, height] = [face.x, face.y, face.width, face.height].map((v) => (v * scale).toFixed(1));
  const box = `x="${x}" y="${y}" width="${width}" height="${height}" rx="7" fill="none"`;
  return `<rect ${box} stroke="#17082e" stroke-opacity=".55" stroke-width="7"/><rect ${box} stroke="#fff" stroke-width="3.5"/>`;
}
