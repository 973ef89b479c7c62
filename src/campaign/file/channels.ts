import { CHANNELS, type Channel, findChannel } from "../../ads/index.ts";
import { suggestion } from "./problems.ts";

export type ResolvedChannel =
  | { readonly found: true; readonly channel: Channel }
  | { readonly found: false; readonly message: string };

/** Resolves a built-in channel by its id. */
export function resolveChannel(id: string): ResolvedChannel {
  const channel = findChannel(id);
  if (channel !== undefined) return { found: true, channel };
  const known = CHANNELS.map((entry) => entry.id);
  const nearest = suggestion(id, known);
  const list = nearest === "" ? `; known: ${known.join(", ")}` : nearest;
  return { found: false, message: `Expected a known channel but received "${id}"${list}` };
}
