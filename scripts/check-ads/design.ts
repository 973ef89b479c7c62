import type { Point } from "../../src/faces/index.ts";
import { type Box, common, inside, shared } from "./boxes.ts";
import type { Finished } from "./finding.ts";
import { headPoints, placed, placedHead } from "./heads.ts";

/**
 * Design criteria, measured on finished creatives from raw landmarks and the file's layout, with measures of their own for
 * heads and bodies.
 */

export interface DesignMeasure {
  /** Line height of the headline in the least that its length asks for; null: no rule for headlines of that length. */
  readonly headline: number | null;
  /** Body's letters in the least size for the canvas; null: no body. */
  readonly body: number | null;
  /** Height of the text with its button in that of its panel; null: no panel. */
  readonly panel: number | null;
  /** Null where the photo has no face that leads. */
  readonly face: FaceMeasure | null;
  /** Whether matching would choose the photo for the channel: its face can lead there. */
  readonly isChosen: boolean;
}

export interface FaceMeasure {
  /** Height in the creative's shorter side. */
  readonly share: number;
  /** The photo is enlarged as far as it may be: a larger face was not to be had. */
  readonly isAtItsLargest: boolean;
  readonly isWhole: boolean;
  /** No other face that shows has more than nine tenths of its height. */
  readonly isLargest: boolean;
  /** Faces that the picture's border or the photo's own edge cuts. */
  readonly atBorder: number;
  /** Bodies that show without their heads. */
  readonly headless: number;
}

const LEAST = [
  { letters: 30, share: 1 / 12 },
  { letters: 60, share: 1 / 16 },
];

export function measureDesign(finished: Finished, headline: string, isChosen: boolean): DesignMeasure {
  const { layout, channel } = finished;
  const short = Math.min(channel.width, channel.height);
  const rule = LEAST.find(({ letters }) => headline.length <= letters);
  const isStory = channel.safe !== undefined && channel.height > 1.6 * channel.width;
  const leastBody = isStory ? 0.012 * channel.height : 0.026 * short;
  return {
    headline: rule ? layout.letters.lineHeight / (rule.share * short) : null,
    body: layout.body.height > 0 ? layout.letters.body / leastBody : null,
    panel: panelUse(finished),
    isChosen,
    face: faceMeasure(finished, short),
  };
}

function panelUse({ layout, channel }: Finished): number | null {
  const { panel, headline, body, button, legal } = layout;
  if (!panel) return null;
  const top = Math.max(panel.y, channel.safe?.top ?? 0);
  const foot = Math.min(panel.y + panel.height, channel.height - (channel.safe?.bottom ?? 0));
  // In a row the body ends below the button.
  const ends = [headline, button, body, legal].filter((box) => box.height > 0);
  const height = Math.max(...ends.map((box) => box.y + box.height)) - Math.min(...ends.map((box) => box.y));
  return height / (foot - top);
}

function faceMeasure({ photo, layout, image }: Finished, short: number): FaceMeasure | null {
  const lead = photo.faces[photo.leadFace ?? -1];
  if (!lead) return null;
  const { picture } = layout;
  const scale = picture.target.height / picture.region.height;
  const frame = { x: 0, y: 0, width: image.width, height: image.height };
  const shows = (point: Point) => inside(point, picture.target, 0.5) && inside(point, frame, 0.5);
  const others = photo.faces.filter((face) => face !== lead);
  const states = others.map((face) => {
    const points = placedHead(photo, face, picture);
    const shown = points.filter(shows).length;
    return { face, isOut: shown === 0, isCut: shown > 0 && shown < points.length };
  });
  const touches = ({ box }: { readonly box: Box }) =>
    box.x < 1 || box.y < 1 || box.x + box.width > photo.width - 1 || box.y + box.height > photo.height - 1;
  const seen = states.filter(({ isOut }) => !isOut).map(({ face }) => face);
  return {
    share: (lead.box.height * scale) / short,
    isAtItsLargest: scale > 1.42,
    isWhole: placedHead(photo, lead, picture).every(shows),
    isLargest: seen.every(({ box }) => areaOf(box) <= 0.75 * areaOf(lead.box)),
    atBorder: states.filter(({ isCut, isOut, face }) => isCut || (!isOut && touches(face))).length,
    headless: states.filter(({ isOut, face }) => isOut && showsBody(face, layout)).length,
  };
}

function areaOf({ width, height }: Box): number {
  return width * height;
}

/** Shoulders are about three faces wide and begin half a face below the chin. */
const SHOULDERS = 2.6;
const BELOW_CHIN = 0.45;
/** More of the picture than this shows a body. */
const SHOWN = 0.03;

function showsBody(
  { box, landmarks }: { readonly box: Box; readonly landmarks: readonly Point[] },
  { picture, panel, panelRise }: Finished["layout"],
): boolean {
  const points = headPoints(landmarks);
  const xs = points.map(([x]) => x);
  const chin = landmarks[8] ?? [box.x + box.width / 2, box.y + box.height];
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  const width = SHOULDERS * box.height;
  const [x, y] = placed([middle - width / 2, chin[1] + BELOW_CHIN * box.height], picture);
  const scale = picture.target.height / picture.region.height;
  const body = { x, y, width: width * scale, height: 3 * box.height * scale };
  const { target } = picture;
  // Of a slanted panel the rectangle below its lower end.
  const opaque = panel && { ...panel, y: panel.y + panelRise, height: panel.height - panelRise };
  const hidden = opaque ? shared(common(body, target), opaque) : 0;
  return shared(body, target) - hidden > SHOWN * target.width * target.height;
}
