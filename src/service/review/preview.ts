import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdRenderer } from "../../ads/index.ts";
import { type Campaign, createCampaignRenderer, plainCopy, samplePhoto } from "../../campaign/index.ts";
import { createMemo, invalidOption } from "../../core/index.ts";
import type { Gallery, GalleryPhoto } from "../../gallery/index.ts";
import { makeScratch } from "../../io/scratch.ts";
import type { PhotoEdit } from "./focus.ts";

/** Draws one channel of an ad as a run does, with a focal point and a leading face that are not saved yet. */
export interface Previewer {
  draw(request: PreviewRequest): Promise<{ readonly bytes: Buffer; readonly format: string }>;
  close(): Promise<void>;
}

interface PreviewRequest extends PhotoEdit {
  readonly photo: GalleryPhoto;
  readonly offer: string;
  readonly channel: string;
}

/** @param gallery its photos decide the common look of the ads, as in a run */
export function createPreviewer(
  campaign: Campaign,
  gallery: Gallery,
  template: string | undefined,
): Previewer {
  const folder = makeScratch(tmpdir());
  const renderers = createMemo<AdRenderer>();
  const rendererOf = (id: string) => {
    const channel = campaign.channels.find((each) => each.id === id);
    if (channel === undefined) {
      throw invalidOption("a channel of the campaign", "channel", id);
    }
    return renderers(id, () =>
      createCampaignRenderer({ ...campaign, channels: [channel] }, { out: folder, gallery, template }),
    );
  };
  return {
    async draw({ photo, offer: offerId, channel, focus, lead }) {
      const offer = campaign.offers.find(({ id }) => id === offerId) ?? campaign.offers[0];
      if (offer === undefined) throw new RangeError("a campaign has an offer");
      const renderer = await rendererOf(channel);
      const { creatives } = await renderer.render({
        copy: plainCopy(offer),
        photo: samplePhoto(photo, { focus, lead: lead === undefined ? photo.lead : (lead ?? undefined) }),
      });
      const file = creatives[0]?.file ?? "";
      return { bytes: await readFile(join(folder, file)), format: formatOf(file) };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function formatOf(file: string): string {
  const ending = file.slice(file.lastIndexOf(".") + 1);
  return ending === "jpg" ? "jpeg" : ending;
}
