import type { AdCopy } from "../../ads/index.ts";
import { firstSentences, sentencesOf } from "../../ads/index.ts";
import type { Limit } from "./types.ts";

/**
 * The alternative text of an ad's picture, without straight double quotes, so that it fits an attribute. With
 * a limit it contains as many of the body's first sentences as fit; a headline that is too long by itself is
 * not cut.
 */
export function altText({ headline, body }: AdCopy, limit?: Limit): string {
  for (let count = sentencesOf(body).length; count > 0; count--) {
    const text = joined(headline, firstSentences(body, count));
    if (limit === undefined || sizeOf(text, limit.unit) <= limit.length) return text;
  }
  return joined(headline, "");
}

export function sizeOf(text: string, unit: Limit["unit"]): number {
  return unit === "bytes" ? Buffer.byteLength(text) : [...text].length;
}

function joined(headline: string, body: string): string {
  const end = /[.!?…]$/.test(headline) ? " " : ". ";
  const whole = body === "" ? headline : `${headline}${end}${body}`;
  return whole.replaceAll('"', "”").replaceAll("\u00ad", "");
}
