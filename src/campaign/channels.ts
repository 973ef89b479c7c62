import type { Channel } from "../ads/index.ts";
import { suggestion } from "./problems.ts";

const CHANNELS: readonly Channel[] = [
  { id: "square-1080", width: 1080, height: 1080, format: "jpeg", maxBytes: 400_000 },
  { id: "rectangle-300x250", width: 300, height: 250, format: "jpeg", maxBytes: 150_000 },
];

export type ResolvedChannel =
  | { readonly found: true; readonly channel: Channel }
  | { readonly found: false; readonly message: string };

/** A channel that a campaign names by its id alone. */
export function resolveChannel(id: string): ResolvedChannel {
  const channel = CHANNELS.find((known) => known.id === id);
  if (channel !== undefined) return { found: true, channel };
  const known = CHANNELS.map((entry) => entry.id);
  const nearest = suggestion(id, known);
  const list = nearest === "" ? `; known: ${known.join(", ")}` : nearest;
  return { found: false, message: `Expected a known channel but received "${id}"${list}` };
}
