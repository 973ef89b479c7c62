import { findChannel } from "../channels/presets.ts";

/** Where copy is shown, as far as the rules for words differ. */
export type Platform = "meta" | "google" | "email" | "other";

/** The platform of a channel, by the built-in presets; a campaign's own channels are `other`. */
export function platformOf(channelId: string): Platform {
  const name = findChannel(channelId)?.platform.toLowerCase() ?? "";
  if (name.startsWith("meta")) return "meta";
  if (name.startsWith("google")) return "google";
  if (name.startsWith("e-mail")) return "email";
  return "other";
}
