import { type Creative, renderText, type Typesetter } from "../../ads/index.ts";
import { composeImage, cropImage, decodePhoto, encodeImage, type ImageLayer } from "../../io/image/index.ts";

/** Creatives side by side on one sheet, each with its name; large ones at half their size. */

const SHEET_WIDTH = 1800;
const GAP = 36;
const CAPTION = 44;
/** Wider or higher pictures are shown smaller. */
const LARGEST = 620;
const GROUND = "#e9e9ee";

/** Creatives of one group, such as those of one template. */
export interface PreviewSection {
  /** Title above the creatives; default: none. */
  readonly title?: string | undefined;
  readonly creatives: readonly Creative[];
  /** Paths, in the creatives' order. */
  readonly files: readonly string[];
}

const TITLE = 34;

export async function drawPreview(sections: readonly PreviewSection[], setter: Typesetter): Promise<Buffer> {
  const layers: ImageLayer[] = [];
  let y = GAP;
  for (const { title, creatives, files } of sections) {
    if (title !== undefined) {
      const image = await renderText(setter, title, { size: TITLE, color: "#111", weight: 800 });
      layers.push({ image, x: GAP, y });
      y += 2 * TITLE;
    }
    let x = GAP;
    let rowHeight = 0;
    for (const [index, creative] of creatives.entries()) {
      const { width, height } = shownSize(creative);
      if (x > GAP && x + width + GAP > SHEET_WIDTH) {
        x = GAP;
        y += rowHeight + GAP;
        rowHeight = 0;
      }
      layers.push(...(await tile(creative, files[index] ?? "", { x, y, width, height }, setter)));
      x += Math.max(width, 220) + GAP;
      rowHeight = Math.max(rowHeight, height + CAPTION);
    }
    y += rowHeight + GAP;
  }
  const sheet = await composeImage(SHEET_WIDTH, Math.ceil(y), GROUND, layers);
  return encodeImage(sheet, { format: "png", quality: 100 });
}

function shownSize({ width, height }: Creative): { width: number; height: number } {
  const scale = Math.min(1, LARGEST / height, Math.max(LARGEST, 970) / width);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

async function tile(
  creative: Creative,
  file: string,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  setter: Typesetter,
): Promise<ImageLayer[]> {
  const { image } = await decodePhoto(file);
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const shown = box.width === image.width ? image : await cropImage(image, whole, box.width, box.height);
  const kilobytes = Math.max(1, Math.round(creative.bytes / 1000));
  const label = `${creative.channel}, ${creative.width} x ${creative.height}, ${kilobytes} kB`;
  const caption = await renderText(setter, label, {
    size: 15,
    color: "#333",
    maxWidth: Math.max(box.width, 220),
    maxLines: 2,
  });
  return [
    { image: caption, x: box.x, y: box.y },
    { image: shown, x: box.x, y: box.y + CAPTION },
  ];
}
