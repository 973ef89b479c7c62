import type { AdCopy } from "../types.ts";

/** What an ad's picture says, for those who do not see it; no straight double quote, so that it fits an attribute. */
export function altText({ headline, body }: AdCopy): string {
  const end = /[.!?…]$/.test(headline) ? " " : ". ";
  const whole = body === "" ? headline : `${headline}${end}${body}`;
  return whole.replaceAll('"', "”");
}

/** The text, or as many of its words as the limit holds, with an ellipsis. */
export function limited(text: string, length: number, unit: "characters" | "bytes"): string {
  const size = (value: string) => (unit === "bytes" ? Buffer.byteLength(value) : [...value].length);
  if (size(text) <= length) return text;
  let words = text.split(" ");
  while (words.length > 1 && size(`${words.join(" ")}…`) > length) words = words.slice(0, -1);
  const kept = `${words.join(" ")}…`;
  return size(kept) <= length ? kept : "";
}
