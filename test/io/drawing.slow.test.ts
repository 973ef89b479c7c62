import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { renderDrawing } from "../../src/io/image/drawing.ts";
import { decodeGraphic, scaleGraphic } from "../../src/io/image/index.ts";
import { folderOfTest } from "../temporary.ts";

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80"><rect x="10" y="10" width="100" height="40" fill="#f00"/></svg>`;

it.each([
  ["plain", Buffer.from(SVG)],
  ["behind a declaration and a byte order mark", Buffer.from(`\ufeff<?xml version="1.0"?>\n${SVG}`)],
  ["compressed", gzipSync(SVG)],
])("a drawing, %s, comes without its margins and can be scaled", async (_, bytes) => {
  const path = join(folderOfTest(), "logo.svg");
  writeFileSync(path, bytes);
  const image = await decodeGraphic(path, 400, 200);
  expect([image.width, image.height, [...image.data.slice(0, 4)]]).toEqual([400, 160, [255, 0, 0, 255]]);
  const small = await scaleGraphic(image, 40, 40);
  expect([small.width, small.height]).toEqual([40, 16]);
});

it("a drawing that keeps the renderer busy ends by its processor time", async () => {
  const noise =
    '<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="2000"><filter id="f"><feTurbulence ' +
    'baseFrequency="0.5" numOctaves="100000000"/></filter><rect width="2000" height="2000" filter="url(#f)"/></svg>';
  await expect(renderDrawing(Buffer.from(noise), 400, 200, 1)).rejects.toThrow(/processor time/);
});

it("a drawing that is none says so", async () => {
  const path = join(folderOfTest(), "logo.svg");
  writeFileSync(path, "<html>no drawing</html>");
  await expect(decodeGraphic(path, 400, 200)).rejects.toMatchObject({ code: "ERR_PHOTO_UNREADABLE" });
});
