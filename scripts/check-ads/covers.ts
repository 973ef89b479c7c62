import { parseColor } from "../../src/ads/index.ts";
import { type Box, grown, inside } from "./boxes.ts";
import { strayTiles, type Tile } from "./drawn.ts";
import type { Finding, Finished } from "./finding.ts";
import { placedHead } from "./heads.ts";
import { strayInk } from "./pixels.ts";

/** Finds shapes over a head, and shapes in places that the layout does not know. */

/** A head shows in a creative: what of the photo's tiles lies within its points must be the photo. */
export function coverFindings({ photo, layout }: Finished, tiles: readonly Tile[]): Finding[] {
  return photo.faces.flatMap((face, index): Finding[] => {
    const points = placedHead(photo, face, layout.picture);
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const head = {
      x: Math.min(...xs),
      y: Math.min(...ys),
      width: Math.max(...xs) - Math.min(...xs),
      height: Math.max(...ys) - Math.min(...ys),
    };
    const within = tiles.filter((tile) => inside([tile.x + tile.width / 2, tile.y + tile.height / 2], head));
    const covered = largestPatch(within.filter((tile) => tile.isCovered));
    if (covered < Math.max(LEAST_PATCH, 0.04 * within.length)) return [];
    return [{ rule: "face", message: `${covered} of ${within.length} tiles of head ${index} are covered` }];
  });
}

/** Fewer tiles together than this are noise; the smallest logo takes more. */
const LEAST_PATCH = 3;

/** The most tiles that hang together. */
function largestPatch(tiles: readonly Tile[]): number {
  const left = new Map(tiles.map((tile) => [`${tile.x} ${tile.y}`, tile]));
  let largest = 0;
  for (const tile of tiles) {
    const open = [tile];
    let size = 0;
    for (let next = open.pop(); next; next = open.pop()) {
      if (!left.delete(`${next.x} ${next.y}`)) continue;
      size++;
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const beside = left.get(`${next.x + dx * next.width} ${next.y + dy * next.height}`);
        if (beside) open.push(beside);
      }
    }
    largest = Math.max(largest, size);
  }
  return largest;
}

/** What round corners take from the picture: the largest square in each. */
function cornersOf({ target, radius }: Finished["layout"]["picture"]): Box[] {
  const by = radius * 0.8;
  if (by < 6) return [];
  const ends = { x: target.x + target.width - by, y: target.y + target.height - by };
  return [target.x, ends.x].flatMap((x) => [target.y, ends.y].map((y) => ({ x, y, width: by, height: by })));
}

/** Letters outside of the boxes that say where letters are: on the panel, and on the photo. */
export function strayFindings({ layout, image, channel }: Finished, tiles: readonly Tile[]): Finding[] {
  const { headline, body, button, cta, logo, legal, panel, faded, colors } = layout;
  const base = Math.sqrt(channel.width * channel.height);
  // Boxes reach from capitals to baselines: descenders and accents stand out of them.
  const around = (box: Box) => grown(box, 0.012 * base, Math.min(0.4 * box.height, 0.034 * base) + 1);
  const known = [headline, body, cta, logo, legal].filter((box) => box.width > 0).map(around);
  const findings: Finding[] = [];
  if (panel) {
    const inks = [colors.headline, colors.body].map((color) => parseColor(color));
    // The bar above or beside a headline has a colour of its own, or the headline's.
    const bar = grown(headline, 0.06 * base, 0.1 * base);
    const parts = [...known, grown(button, 2), bar];
    const stray = strayInk(image, panel, { known: parts, inks });
    if (stray > 12)
      findings.push({ rule: "overflow", message: `${stray} px of letters outside of their boxes` });
  }
  const covers = [
    ...known,
    grown(button, 2),
    ...(faded ? [grown(faded, 0.05 * base)] : []),
    ...cornersOf(layout.picture),
    ...(panel ? [grown(panel, 0.05 * Math.min(panel.width, panel.height))] : []),
  ];
  const stray = largestPatch(strayTiles(tiles, covers, layout.picture));
  if (stray >= LEAST_PATCH) {
    findings.push({ rule: "overflow", message: `${stray} tiles of the photo are covered by nothing known` });
  }
  return findings;
}
