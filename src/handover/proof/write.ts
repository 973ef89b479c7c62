import { stat } from "node:fs/promises";
import type { Creative } from "../../ads/index.ts";
import { loadFonts } from "../../ads/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import { readManifest } from "../manifest.ts";
import { runFiles } from "../run-folder.ts";
import { collectProof } from "./collect.ts";
import { renderProofPage } from "./page.ts";
import { dataUri, pictureUri, planPictures } from "./pictures.ts";

export interface ProofReport {
  readonly path: string;
  readonly bytes: number;
  /** Number of distinct ads on the page. */
  readonly ads: number;
  /** Number of creatives with a picture, and of all creatives. */
  readonly pictured: number;
  readonly creatives: number;
}

export interface ProofOptions {
  /**
   * Maximum bytes of all pictures of the page together; default 24 MB. If they exceed it, they are scaled
   * down.
   */
  readonly maxPictureBytes?: number | undefined;
  /** Decrypts encrypted decisions. */
  readonly vault?: Vault | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes `proof.html` into the output folder of a finished run: one file that shows every distinct ad with its number of
 * customers, how offers and photos were chosen, and what to check. The page makes no network requests, runs no script and
 * contains no customer.
 *
 * @param out the run's output folder
 * @throws ERR_RUN_UNREADABLE the folder contains no finished run, or creatives are missing
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_ABORTED
 *
 * @example
 * await writeProof("ads");
 */
export async function writeProof(out: string, options: ProofOptions = {}): Promise<ProofReport> {
  const { signal, maxPictureBytes, vault = null } = options;
  const run = await readManifest(out);
  const proof = await collectProof(out, run, { vault, signal });
  const creatives = proof.ads.flatMap((ad) => ad.creatives);
  const plan = planPictures(creatives, maxPictureBytes);
  const pictured = new Set(creatives.slice(0, plan.pictured));
  const picture = async (creative: Creative) =>
    pictured.has(creative) ? pictureUri(out, creative, plan.maxSide, signal) : null;
  const page = await renderProofPage({
    proof,
    picture,
    pictured: pictured.size,
    fontFaces: await fontFaces(),
  });
  const path = runFiles(out).proof;
  await writeFileAtomic(path, page);
  const { size: bytes } = await stat(path);
  return { path, bytes, ads: proof.ads.length, pictured: pictured.size, creatives: creatives.length };
}

/** The bundled Latin font; for other scripts the reader's own fonts are used. */
async function fontFaces(): Promise<string> {
  const { files } = await loadFonts();
  return files
    .filter(({ name }) => name === "inter-latin")
    .map(({ weight, data }) => {
      const source = `url(${dataUri("font/woff", data)}) format("woff")`;
      return `@font-face{font-family:Inter;font-weight:${weight};font-display:swap;src:${source}}`;
    })
    .join("");
}
