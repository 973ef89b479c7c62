import { basename } from "node:path";
import { createTypesetter, renderText, type Typesetter } from "../../ads/index.ts";
import type { Box, Face } from "../../faces/index.ts";
import { type Match, uprightTurn } from "../../gallery/index.ts";
import {
  ACCEPTED_MAX_PIXELS,
  composeImage,
  cropImage,
  decodePhoto,
  encodeImage,
  type ImageLayer,
  type QuarterTurn,
  type RgbaImage,
  rasterizeSvg,
} from "../../io/image/index.ts";
import { turnBox } from "../drawing/upright.ts";

/** A contact sheet: the probe, large, next to its matches, nearest first. All lengths in px. */

const PAPER = "#f6f4f0";
const INK = "#1d1b18";
const FAINT = "#7d776e";
const MARGIN = 48;
const TITLE_HEIGHT = 64;
const PROBE_SIDE = 420;
const TILE_SIDE = 244;
const CAPTION_HEIGHT = 72;
const GAP = 28;
const COLUMNS = 5;
const CORNER = 14;
/** The crop's side relative to the face box's longer one: the whole head with some space. */
const HEAD_ROOM = 1.9;
/** Longest side to which photos are decoded: faces on the sheet are small. */
const DECODE_SIDE = 2400;

/**
 * Draws a portrait next to the photos that resemble it most, best first. Photos on their side are turned, as
 * in ads.
 *
 * @param probe the portrait, the face's box in it, px, and how far the head is rotated, degrees clockwise;
 * default 0
 * @returns PNG bytes
 * @throws ERR_IMAGE_UNREADABLE
 *
 * @example
 * const { faces: [face] } = await engine.describe("portrait.jpg");
 * const matches = await gallery.match(face, { top: 5 });
 * await writeFile("sheet.png", await drawMatchSheet({ photo: "portrait.jpg", box: face.box }, matches));
 */
export async function drawMatchSheet(
  probe: {
    readonly photo: string;
    readonly box: Box;
    readonly quality?: Pick<Face["quality"], "rollDegrees"> | undefined;
  },
  matches: readonly Match[],
): Promise<Buffer> {
  const setter = await createTypesetter();
  const columns = Math.min(COLUMNS, Math.max(1, matches.length));
  const rows = Math.max(1, Math.ceil(matches.length / COLUMNS));
  const tileHeight = TILE_SIDE + CAPTION_HEIGHT;
  const gridLeft = MARGIN + PROBE_SIDE + 2 * GAP;
  const width = gridLeft + columns * (TILE_SIDE + GAP) - GAP + MARGIN;
  const bodyHeight = Math.max(PROBE_SIDE + CAPTION_HEIGHT, rows * (tileHeight + GAP) - GAP);
  const top = MARGIN + TITLE_HEIGHT;

  const shown = { box: probe.box, turn: uprightTurn([probe.quality?.rollDegrees ?? 0], 0) ?? 0 };
  const layers: ImageLayer[] = [
    ...(await drawHeading(setter, MARGIN, "Probe", "the probe")),
    ...(await drawHeading(
      setter,
      gridLeft,
      "Most alike photos",
      "best first; 0 is alike, 1 is two random people",
    )),
    ...(await drawFace(probe.photo, shown, { x: MARGIN, y: top, side: PROBE_SIDE })),
    ...(await drawCaption(setter, basename(probe.photo), "", { x: MARGIN, y: top, side: PROBE_SIDE })),
  ];
  for (const [i, match] of matches.entries()) {
    const x = gridLeft + (i % COLUMNS) * (TILE_SIDE + GAP);
    const y = top + Math.floor(i / COLUMNS) * (tileHeight + GAP);
    const place = { x, y, side: TILE_SIDE };
    const rolls = match.photo.faces.map(({ quality }) => quality.rollDegrees);
    const face = { box: match.box, turn: uprightTurn(rolls, match.faceIndex) ?? 0 };
    layers.push(...(await drawFace(match.photo.path, face, place)));
    layers.push(
      ...(await drawCaption(
        setter,
        (match.resemblance ?? match.distance).toFixed(3),
        basename(match.photo.path),
        place,
      )),
    );
  }
  const sheet = await composeImage(width, top + bodyHeight + MARGIN, PAPER, layers);
  return encodeImage(sheet, { format: "png", quality: 100 });
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

async function drawHeading(
  setter: Typesetter,
  x: number,
  title: string,
  note: string,
): Promise<ImageLayer[]> {
  const heading = await renderText(setter, title, { size: 26, color: INK, weight: 700 });
  const aside = await renderText(setter, note, { size: 15, color: FAINT });
  const baseline = MARGIN + heading.height;
  return [
    { image: heading, x, y: MARGIN },
    { image: aside, x: x + heading.width + 14, y: baseline - aside.height - 2 },
  ];
}

interface ShownFace {
  /** px of the photo as it is stored. */
  readonly box: Box;
  readonly turn: QuarterTurn;
}

async function drawFace(
  photo: string,
  { box: stored, turn }: ShownFace,
  { x, y, side }: Place,
): Promise<ImageLayer[]> {
  const { image, scaleX, scaleY, width, height } = await decodePhoto(photo, {
    maxSide: DECODE_SIDE,
    maxPixels: ACCEPTED_MAX_PIXELS,
    turn,
  });
  const size = turn % 180 === 0 ? { width, height } : { width: height, height: width };
  const box = turnBox(stored, size, turn);
  const reach = Math.min(
    HEAD_ROOM * Math.max(box.width, box.height),
    image.width * scaleX,
    image.height * scaleY,
  );
  const left = clamp(box.x + box.width / 2 - reach / 2, image.width * scaleX - reach);
  // Hair needs more room above the box than the chin below.
  const top = clamp(box.y + box.height * 0.44 - reach / 2, image.height * scaleY - reach);
  const region = { x: left / scaleX, y: top / scaleY, width: reach / scaleX, height: reach / scaleY };
  return [
    { image: await cropImage(image, region, side, side), x, y },
    { image: await roundedFrame(side), x, y },
  ];
}

/** A frame in the colour of the paper around a square with round corners, to overlay on a picture. */
async function roundedFrame(side: number): Promise<RgbaImage> {
  const r = CORNER;
  const inner = `M${r} 0H${side - r}A${r} ${r} 0 0 1 ${side} ${r}V${side - r}A${r} ${r} 0 0 1 ${side - r} ${side}H${r}A${r} ${r} 0 0 1 0 ${side - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
  return rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><path fill="${PAPER}" fill-rule="evenodd" d="M0 0H${side}V${side}H0Z${inner}"/></svg>`,
  );
}

async function drawCaption(
  setter: Typesetter,
  main: string,
  note: string,
  place: Place,
): Promise<ImageLayer[]> {
  const y = place.y + place.side + 6;
  const line = { maxWidth: place.side, maxLines: 1 };
  const first = await renderText(setter, fitName(main, place.side / 11), {
    ...line,
    size: 20,
    color: INK,
    weight: 700,
  });
  const layers: ImageLayer[] = [{ image: first, x: place.x, y }];
  if (note === "") return layers;
  const second = await renderText(setter, fitName(note, place.side / 8.5), {
    ...line,
    size: 14,
    color: FAINT,
  });
  return [...layers, { image: second, x: place.x, y: y + first.height - 4 }];
}

/** Shortens a file name in the middle, with a dot for each unusual character. */
function fitName(name: string, maxLength: number): string {
  const plain = name.replace(/[^\x20-\x7e\u00a1-\u017f]/gu, "·").replaceAll(" ", "\u00a0");
  if (plain.length <= maxLength) return plain;
  const half = Math.floor((maxLength - 1) / 2);
  return `${plain.slice(0, half)}…${plain.slice(-half)}`;
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, value), Math.max(0, max));
}
