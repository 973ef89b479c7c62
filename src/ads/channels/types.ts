import type { ImageFormat } from "../../io/image/index.ts";
import type { Channel } from "../types.ts";

/** A channel as its platform describes it. */
export interface ChannelPreset extends Channel {
  readonly platform: string;
  /** What the platform takes, the one that we make first. */
  readonly formats: readonly ImageFormat[];
  /** Limits of the texts that are uploaded beside the picture, in characters. */
  readonly text?: TextRules | undefined;
  /** What else an advertiser must know, one sentence each. */
  readonly rules: readonly string[];
  /** Where the figures stand. */
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
