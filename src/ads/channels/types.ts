import type { ImageFormat } from "../../io/image/index.ts";
import type { Channel } from "../types.ts";

/** A channel as its platform describes it. */
export interface ChannelPreset extends Channel {
  readonly platform: string;
  /** Formats that the platform accepts; the first is the one that we make. */
  readonly formats: readonly ImageFormat[];
  /** Limits of the texts that are uploaded beside the picture, in characters. */
  readonly text?: TextRules | undefined;
  /** Further rules for advertisers, one sentence each. */
  readonly rules: readonly string[];
  /** Source of the figures. */
  readonly source: string;
  /** ISO date on which the figures were last compared with the source. */
  readonly checkedOn: string;
}

export interface TextRules {
  readonly headline?: number | undefined;
  readonly description?: number | undefined;
  /** Longer texts are cut behind a "more" link. */
  readonly visible?: number | undefined;
}
