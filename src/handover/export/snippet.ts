import { join } from "node:path";
import { isRightToLeft } from "../../ads/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import type { RunManifest } from "../manifest.ts";
import { renderEmail } from "./email.ts";
import { mailChannel } from "./images.ts";
import type { WrittenFile } from "./parts.ts";
import type { CustomerTool, MergeTags } from "./types.ts";

/**
 * Writes a message template with the tags of a mail tool's columns, in HTML and in plain text, to paste into
 * the tool.
 *
 * @throws ERR_OUTPUT_UNWRITABLE
 */
export async function writeSnippet(
  to: string,
  { tool, tags, run }: { readonly tool: CustomerTool; readonly tags: MergeTags; readonly run: RunManifest },
): Promise<readonly WrittenFile[]> {
  const channel = mailChannel(run.channels);
  if (channel === null) return [];
  const { names } = tags;
  const slots = {
    headline: tags.of(names.headline),
    body: tags.of(names.body),
    cta: tags.of(names.cta),
    link: tags.of(names.link),
    image: tags.of(names.image),
    alt: tags.of(names.alt),
    unsubscribe: tags.unsubscribe,
  };
  const { html, text } = renderEmail(slots, {
    brand: run.brand,
    picture: channel,
    language: run.language,
    // The tool's tags have no direction, but the texts that replace them have.
    rtl: run.offers.some(({ copy }) => isRightToLeft(copy.headline)),
    slotsAre: "tags",
  });
  const files = [
    { path: join(to, `${tool.id}-email.html`), data: html },
    { path: join(to, `${tool.id}-email.txt`), data: text },
  ];
  for (const { path, data } of files) await writeFileAtomic(path, data);
  return files.map(({ path, data }) => ({ path, rows: 0, bytes: Buffer.byteLength(data) }));
}
