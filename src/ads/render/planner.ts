import { createMemo, isLookalikeError } from "../../core/index.ts";
import type { CopyText } from "../layout/block/types.ts";
import { isLarge } from "../layout/leads.ts";
import {
  type CopyInput,
  type DraftedCopy,
  draftCopy,
  measureCopy,
  type Planned,
  planAd,
} from "../layout/plan.ts";
import type { Template } from "../templates/types.ts";
import type { AdPhoto, Channel, CreativeCopy } from "../types.ts";
import { lookOf, type OpenedPhoto, sceneIn } from "./photo.ts";
import { copyIn, type RenderRequest } from "./request.ts";
import type { Theme } from "./theme.ts";

/** Lays out requests, once for each file, for rendering and for the choice of photos. */

/** A channel with the template that lays it out. */
export interface Place {
  readonly channel: Channel;
  readonly template: Template;
  /** Changes with the look of brand and template. */
  readonly look: string;
  /** Changes with what of the channel a creative depends on. */
  readonly key: string;
  /** The least height of a face that leads here, px of the photo. */
  readonly leastPx: number;
}

export interface Planner {
  /** @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE, ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG */
  plan(request: RenderRequest, place: Place, file: string): Promise<Planned>;
  /**
   * Whether the photo's leading face leads. A photo with one face that is large enough does; one with several is laid
   * out. One that cannot be laid out leads: drawing reports why.
   */
  leads(request: RenderRequest, place: Place, file: string): Promise<boolean>;
}

/** Layouts in memory. */
const KEPT = 2000;
/** Measured copies in memory: the offers' words for everyone. */
const KEPT_COPIES = 16;
/** Copies in all arrangements of a place, in memory: each of the measured ones in many channels. */
const KEPT_DRAFTS = 256;

export interface PlannerParts {
  /** What all layouts share. */
  readonly shared: Omit<CopyInput, "template" | "channel" | "copy" | "settled">;
  readonly theme: Theme;
  open(photo: AdPhoto): Promise<OpenedPhoto>;
  settledIn(place: Place): Promise<CopyInput["settled"]>;
}

export function createPlanner({ shared, theme, open, settledIn }: PlannerParts): Planner {
  const planned = createMemo<Planned>(KEPT);
  const measured = createMemo<CopyText>(KEPT_COPIES);
  const drafted = createMemo<DraftedCopy>(KEPT_DRAFTS);
  const draft = (copy: CreativeCopy, input: Omit<CopyInput, "copy">, { look, key }: Place) =>
    drafted(JSON.stringify([look, key, copy]), async () => {
      const { template } = input;
      const measuring = () => measureCopy(input, copy);
      return draftCopy(input, await measured(JSON.stringify([template.voice, copy]), measuring));
    });
  const plan: Planner["plan"] = (request, place, file) =>
    planned(file, async () => {
      const { channel, template } = place;
      const seen = await open(request.photo);
      const input = { ...shared, template, channel, settled: await settledIn(place) };
      return planAd({
        ...input,
        draft: (copy) => draft(copy, input, place),
        copy: copyIn(request, channel),
        scene: sceneIn(request.photo, seen),
        look: lookOf(seen, theme),
      });
    });
  return {
    plan,
    async leads(request, place, file) {
      const { photo } = request;
      if (!isLarge(photo, place.leastPx)) return false;
      if (photo.faces.length === 1) return true;
      try {
        const { plan: found } = await plan(request, place, file);
        return found.crop.flaws.length === 0;
      } catch (error) {
        if (!isLookalikeError(error)) throw error;
        return true;
      }
    },
  };
}
