import { CREATIVES_FOLDER } from "../../core/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { AdCopy, AdPhoto, Channel, CopyExtras, CreativeCopy } from "../types.ts";

/** A request to the renderer, and the name of its file. */

export interface RenderRequest {
  readonly copy: AdCopy;
  /** Small print, a short headline, and other words for single channels; default: none. */
  readonly extras?: CopyExtras | undefined;
  readonly photo: AdPhoto;
  /** The copy contains values of a customer, which the creative's note records; default false. */
  readonly isPersonal?: boolean | undefined;
}

/** An offer's texts in one channel. */
export function copyIn(
  { copy, extras }: Pick<RenderRequest, "copy" | "extras">,
  { id }: Channel,
): CreativeCopy {
  const own = extras?.channels?.[id] ?? {};
  return {
    headline: own.headline ?? copy.headline,
    body: own.body ?? copy.body,
    cta: own.cta ?? copy.cta,
    legal: own.legal ?? extras?.legal,
    // A channel's own headline was written for it.
    headlineShort: own.headline === undefined ? extras?.headlineShort : undefined,
  };
}

/** The visible content of a request: the same content means the same picture. */
export function contentOf(request: RenderRequest, channel: Channel): unknown {
  const { photo } = request;
  const faces = photo.faces.map(({ box, landmarks }) => [box, landmarks]);
  const { headline, body, cta, legal, headlineShort } = copyIn(request, channel);
  const words = [headline, body, cta, legal, headlineShort];
  return [words, photo.hash, faces, photo.leadFace, photo.focus, photo.rights];
}

export function fileName(content: string, channel: Channel, canvas: string): string {
  const extension = channel.format === "jpeg" ? "jpg" : channel.format;
  return `${CREATIVES_FOLDER}/${channel.id}/${hashBytes(`${content} ${canvas}`).slice(0, 20)}.${extension}`;
}
