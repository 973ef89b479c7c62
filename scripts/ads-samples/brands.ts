import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Brand } from "../../src/ads/index.ts";

/** Brands as different as brands are: with and without a logo, each tone, each corner. */

const RIPPLE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><g fill="none" stroke="#12303a" stroke-width="8">' +
  '<circle cx="32" cy="32" r="26"/><circle cx="32" cy="32" r="11"/></g></svg>';
const PEAKS =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 60"><path fill="#ffb000" d="M0 60 34 4l22 36 14-22 26 42z"/>' +
  '<path fill="#ff5a36" d="M84 60l22-36 12 20 10-16 22 32z"/></svg>';

/** Writes the logos into a folder and names them. */
export async function sampleBrands(folder: string): Promise<readonly Brand[]> {
  await mkdir(folder, { recursive: true });
  const ripple = join(folder, "ripple.svg");
  const peaks = join(folder, "peaks.svg");
  await writeFile(ripple, RIPPLE);
  await writeFile(peaks, PEAKS);
  return [
    {
      name: "Northline",
      logo: null,
      colors: { primary: "#1b4dff", ink: "#0b1030", paper: "#ffffff" },
    },
    {
      name: "Aqua Mobile",
      logo: ripple,
      colors: { primary: "#00a896", ink: "#12303a", paper: "#f7fbfa" },
      tone: "light",
      corner: "soft",
    },
    {
      name: "Voltera",
      logo: null,
      colors: { primary: "#ffd02b", ink: "#17130a", paper: "#fffaf0" },
      corner: "soft",
    },
    {
      name: "Alpine Telecom",
      logo: peaks,
      colors: { primary: "#ff5a36", ink: "#15171f", paper: "#ffffff" },
      tone: "dark",
      corner: "square",
    },
    {
      name: "bloom",
      logo: null,
      colors: { primary: "#d6246e", ink: "#2a0616", paper: "#fff5f8" },
    },
  ];
}
