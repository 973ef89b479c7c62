import {
  blend,
  contrast,
  isRightToLeft,
  MIN_CONTRAST,
  parseColor,
  type Rgb,
  readableOn,
  toHex,
} from "../../ads/index.ts";
import { LookalikeError } from "../../core/index.ts";
import { escapeHtml } from "../../reports/index.ts";
import type { RunManifest } from "../manifest.ts";
import { type MailWords, mailWords } from "./mail-words.ts";

/**
 * A message with one ad: tables and inline styles, which mail programs (including Outlook) render, 600 px
 * wide, with a picture at twice that density, colours for dark mode and a plain-text part.
 */
export interface EmailParts {
  readonly html: string;
  readonly text: string;
}

/** Content of a message slot: a text, or a tag that the sending tool replaces. */
export interface EmailSlots {
  readonly headline: string;
  readonly body: string;
  readonly cta: string;
  readonly link: string;
  readonly image: string;
  readonly alt: string;
  readonly unsubscribe: string;
}

export interface EmailOptions {
  readonly brand: RunManifest["brand"];
  /** The picture's size in px; it is shown 600 px wide. */
  readonly picture: { readonly width: number; readonly height: number };
  /** ISO 639-1 code of the texts' language; default: English. */
  readonly language?: string | null | undefined;
  /** Whether the texts are read from right to left; default: as the headline. */
  readonly rtl?: boolean | undefined;
  /**
   * Whether slots contain the tool's own tags, which are not escaped, or texts, which are. Default: texts.
   */
  readonly slotsAre?: "texts" | "tags" | undefined;
}

/** Gmail cuts longer messages and hides the rest behind a link. */
const MAX_EMAIL_BYTES = 102_000;
const WIDTH = 600;

/** @throws ERR_EXPORT_INVALID the message would be cut by Gmail */
export function renderEmail(slots: EmailSlots, options: EmailOptions): EmailParts {
  const { brand, picture, slotsAre = "texts" } = options;
  const words = mailWords(options.language);
  const rtl = options.rtl ?? isRightToLeft(slots.headline);
  const put = slotsAre === "tags" ? (value: string) => value : escapeHtml;
  const shown: EmailSlots = {
    headline: put(slots.headline),
    body: put(slots.body),
    cta: put(slots.cta),
    link: put(slots.link),
    image: put(slots.image),
    alt: put(slots.alt),
    unsubscribe: put(slots.unsubscribe),
  };
  const height = Math.round((WIDTH * picture.height) / picture.width);
  const html = messageHtml(shown, { brand, height, colors: mailColors(brand), words, rtl });
  if (Buffer.byteLength(html) >= MAX_EMAIL_BYTES) {
    throw new LookalikeError(
      "ERR_EXPORT_INVALID",
      `Expected a message below ${MAX_EMAIL_BYTES} bytes but it has ${Buffer.byteLength(html)}`,
      { hint: "Shorten the offer's texts or its URL." },
    );
  }
  return { html, text: plainText(slots, brand.name, words) };
}

/** Background around the card; #f2f3f5. */
const GROUND: Rgb = [242, 243, 245];

interface MailColors {
  readonly button: string;
  readonly onButton: string;
  readonly ink: string;
  readonly soft: string;
}

function mailColors({ colors }: RunManifest["brand"]): MailColors {
  const white = [255, 255, 255] as const;
  const primary = parseColor(colors.primary);
  const ink = parseColor(colors.ink);
  const text = contrast(ink, white) >= 7 ? ink : ([22, 24, 29] as const);
  const soft = blend(text, white, 0.72);
  return {
    button: toHex(primary),
    onButton: toHex(readableOn(primary, [white, ink])),
    ink: toHex(text),
    soft: toHex(contrast(soft, GROUND) >= MIN_CONTRAST + 0.3 ? soft : text),
  };
}

interface MessageLook {
  readonly brand: RunManifest["brand"];
  readonly height: number;
  readonly colors: MailColors;
  readonly words: MailWords;
  readonly rtl: boolean;
}

function messageHtml(slots: EmailSlots, { brand, height, colors, words, rtl }: MessageLook): string {
  const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
  const name = escapeHtml(brand.name);
  const dir = rtl ? "rtl" : "ltr";
  return `<!doctype html>
<html lang="${words.language}" dir="${dir}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${slots.headline}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; width: 100%; }
img { border: 0; display: block; }
a { text-decoration: none; }
@media (max-width: ${WIDTH + 20}px) {
  .card { width: 100% !important; border-radius: 0 !important; }
  .pad { padding-left: 24px !important; padding-right: 24px !important; }
  .headline { font-size: 24px !important; line-height: 30px !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background-color: #101114 !important; }
  .card { background-color: #1b1d22 !important; }
  .ink { color: #f3f4f6 !important; }
  .soft { color: #b9bdc6 !important; }
}
[data-ogsc] .ink { color: #f3f4f6 !important; }
[data-ogsc] .soft { color: #b9bdc6 !important; }
</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:#f2f3f5">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${slots.body}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="ground" style="background-color:#f2f3f5">
<tr><td align="center" style="padding:24px 0">
<!--[if mso]><table role="presentation" width="${WIDTH}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" dir="${dir}" class="card" width="${WIDTH}" cellpadding="0" cellspacing="0" border="0" style="width:${WIDTH}px;max-width:100%;background-color:#ffffff;border-radius:12px;overflow:hidden">
<tr><td><a href="${slots.link}" style="display:block"><img src="${slots.image}" width="${WIDTH}" height="${height}" alt="${slots.alt}" style="display:block;width:100%;max-width:${WIDTH}px;height:auto;border:0;${font};font-size:18px;line-height:26px;color:${colors.ink}"></a></td></tr>
<tr><td class="pad" style="padding:32px 40px 0">
<h1 class="headline ink" style="margin:0;${font};font-size:28px;line-height:34px;font-weight:700;color:${colors.ink}">${slots.headline}</h1>
</td></tr>
<tr><td class="pad" style="padding:12px 40px 0">
<p class="soft" style="margin:0;${font};font-size:16px;line-height:25px;color:${colors.soft}">${slots.body}</p>
</td></tr>
<tr><td class="pad" style="padding:26px 40px 38px">
<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td style="border-radius:8px;background-color:${colors.button}">
<a href="${slots.link}" style="display:inline-block;padding:14px 28px;${font};font-size:16px;line-height:20px;font-weight:700;color:${colors.onButton};border-radius:8px">${slots.cta}</a>
</td></tr></table>
</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
<p class="soft" dir="${dir}" style="margin:0;padding:20px 24px 0;${font};font-size:13px;line-height:20px;color:${colors.soft}">${name} &#183; <a href="${slots.unsubscribe}" class="soft" style="color:${colors.soft};text-decoration:underline">${words.unsubscribe}</a></p>
</td></tr>
</table>
</body>
</html>
`;
}

function plainText(slots: EmailSlots, brand: string, { unsubscribe }: MailWords): string {
  return `${slots.headline}\n\n${slots.body}\n\n${slots.cta}:\n${slots.link}\n\n--\n${brand}\n${unsubscribe}: ${slots.unsubscribe}\n`;
}
