import { documentOf } from "../../reports/index.ts";
import { adCard, adFilters, type Picture, picturedNote } from "./ad-cards.ts";
import type { Proof } from "./collect.ts";
import { pageColors } from "./colors.ts";
import { findingsList } from "./findings.ts";
import { footer, header, likenessSection, offersSection } from "./sections.ts";
import { STYLE } from "./style.ts";
import { speakerOf } from "./words/index.ts";

export interface PageParts {
  readonly proof: Proof;
  readonly picture: Picture;
  /** Number of creatives with a picture, from the first. */
  readonly pictured: number;
  /** `@font-face` rules with embedded fonts. */
  readonly fontFaces: string;
}

/** The page as one text. It makes no network requests and runs no script. */
export async function renderProofPage({ proof, picture, pictured, fontFaces }: PageParts): Promise<string> {
  const speaker = speakerOf(proof.run.language);
  const { say, sayFor } = speaker;
  const filters = adFilters(proof, speaker);
  const cards: string[] = [];
  for (const ad of proof.ads) cards.push(await adCard({ proof, ad, picture, speaker }));
  const creatives = proof.ads.reduce((sum, ad) => sum + ad.creatives.length, 0);
  const title = `${proof.run.campaign} · ${proof.run.brand.name} · ${say("proof")}`;
  const style = `${fontFaces}${pageColors(proof.run.brand)}${STYLE}${filters.style}`;
  const body = `<a class="skip" href="#ads">${say("skip")}</a>
${header(proof, speaker)}
<nav aria-label="${say("parts")}"><div class="wrap"><ul>
<li><a href="#ads">${say("nav_ads")}</a></li><li><a href="#offers">${say("nav_offers")}</a></li><li><a href="#likeness">${say("nav_likeness")}</a></li><li><a href="#notes">${say("nav_notes")}</a></li>
</ul></div></nav>
<main><div class="wrap">
<section id="ads" aria-labelledby="ads-title"><h2 id="ads-title">${say("ads_title")}</h2>
<p class="note">${say("ads_note", { ads: sayFor(proof.ads.length, "ad"), channels: sayFor(proof.run.channels.length, "channel") })}${picturedNote(pictured, creatives, speaker)}</p>
${filters.html}
<div class="wall">
${cards.join("\n")}
</div></section>
${offersSection(proof, speaker)}
${likenessSection(proof, speaker)}
<section id="notes" aria-labelledby="notes-title"><h2 id="notes-title">${say("notes_title")}</h2>
${findingsList(proof, speaker)}
</section>
</div></main>
${footer(proof, speaker)}`;
  return documentOf({ language: speaker.language, title, style, body });
}
