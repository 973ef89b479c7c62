import { createHash } from "node:crypto";
import { escapeHtml } from "../../reports/index.ts";
import { adCard, adFilters, type Picture, picturedNote } from "./ad-cards.ts";
import type { Proof } from "./collect.ts";
import { pageColors } from "./colors.ts";
import { findingsList } from "./findings.ts";
import { footer, header, likenessSection, offersSection } from "./sections.ts";
import { STYLE } from "./style.ts";
import { countOf } from "./words.ts";

export interface PageParts {
  readonly proof: Proof;
  readonly picture: Picture;
  /** Creatives that have a picture, from the first. */
  readonly pictured: number;
  /** `@font-face` rules with their fonts inside. */
  readonly fontFaces: string;
}

/**
 * The page as one text. It makes no network requests and runs no script; its content security policy lets the browser
 * enforce that.
 */
export async function renderProofPage({ proof, picture, pictured, fontFaces }: PageParts): Promise<string> {
  const filters = adFilters(proof);
  const cards: string[] = [];
  for (const ad of proof.ads) cards.push(await adCard(proof, ad, picture));
  const creatives = proof.ads.reduce((sum, ad) => sum + ad.creatives.length, 0);
  const style = `${fontFaces}${pageColors(proof.run.brand)}${STYLE}${filters.style}`;
  const policy = `default-src 'none'; img-src data:; font-src data:; style-src 'sha256-${hash(style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(`${proof.run.campaign} · ${proof.run.brand.name} · proof`)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#ads">Skip to the ads</a>
${header(proof)}
<nav aria-label="Parts of this page"><div class="wrap"><ul>
<li><a href="#ads">Ads</a></li><li><a href="#offers">Offers</a></li><li><a href="#likeness">Likeness</a></li><li><a href="#notes">To look at</a></li>
</ul></div></nav>
<main><div class="wrap">
<section id="ads" aria-labelledby="ads-title"><h2 id="ads-title">The ads</h2>
<p class="note">${countOf(proof.ads.length, "distinct ad")}, most seen first, in ${countOf(proof.run.channels.length, "channel")}. Choose a picture to enlarge it.${picturedNote(pictured, creatives)}</p>
${filters.html}
<div class="wall">
${cards.join("\n")}
</div></section>
${offersSection(proof)}
${likenessSection(proof)}
<section id="notes" aria-labelledby="notes-title"><h2 id="notes-title">To look at before it goes out</h2>
${findingsList(proof)}
</section>
</div></main>
${footer(proof)}
</body>
</html>
`;
}

function hash(style: string): string {
  return createHash("sha256").update(style).digest("base64");
}
