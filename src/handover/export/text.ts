import type { AdCopy } from "../../ads/index.ts";
import { firstSentences, sentencesOf } from "../../ads/index.ts";
import type { Limit } from "./types.ts";

/**
 * What an ad says, for those who do not see its picture; no straight double quote, so that it fits an attribute. Where
 * a limit is tight, it contains as many of the body's first sentences as fit; a headline that alone is
 * too long stays as it is.
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
