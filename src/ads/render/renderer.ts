import { availableParallelism } from "node:os";
import { expected, isLookalikeError, LookalikeError, throwIfAborted } from "../../errors.ts";
import { hashBytes } from "../../files.ts";
import { type DecodedPhoto, decodePhoto } from "../../image.ts";
import { MAX_UPSCALE, sceneOf } from "../layout/crop.ts";
import { headOf } from "../layout/head.ts";
import { canvasOf, type Planned, planAd } from "../layout/plan.ts";
import { findTemplate } from "../templates/index.ts";
import { createTypesetter, type Typesetter } from "../type/typesetter.ts";
import type { AdCopy, AdPhoto, AdWarning, Brand, Channel, RenderedAd } from "../types.ts";
import { type Encoded, encodeWithin } from "./encode.ts";
import { createLimit, createMemo } from "./limit.ts";
import { loadLogo } from "./logo.ts";
import { paintAd } from "./paint.ts";
import { brightestIn, scrimOpacity } from "./scrim.ts";
import { readStored, type StoredCreative, writeStored } from "./store.ts";
import { type Theme, themeOf } from "./theme.ts";

export interface RendererOptions {
  /** Output folder; made where it is missing. Creatives go to `creatives/<channel>/` in it. */
  readonly out: string;
  readonly brand: Brand;
  readonly channels: readonly Channel[];
  /** `panel` (default) or `bleed`. */
  readonly template?: string | undefined;
  /** Creatives under way at once; default: the number of cores. */
  readonly jobs?: number | undefined;
  /** Shares loaded fonts; default: the renderer loads the brand's own. */
  readonly typesetter?: Typesetter | undefined;
}

export interface RenderRequest {
  readonly copy: AdCopy;
  readonly photo: AdPhoto;
}

export interface RenderCounts {
  /** Drawn by this renderer. */
  readonly rendered: number;
  /** Found finished from an earlier run. */
  readonly reused: number;
}

export interface AdRenderer {
  /**
   * The creatives of one ad, one per channel. Asked again for the same content, it answers from memory; a file
   * that an earlier run finished is not drawn again.
   *
   * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE, ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG,
   *   ERR_WEIGHT_LIMIT, ERR_OUTPUT_UNWRITABLE, ERR_ABORTED
   */
  render(
    request: RenderRequest,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<RenderedAd>;
  counts(): RenderCounts;
}

/** Raised with every change of what creatives look like, so that older files are not taken for current ones. */
const LOOK = 1;
/** Decoded photos are kept at this size at the most: enough for the largest channels without enlarging. */
const MAX_SIDE = 2400;
const KEPT_PHOTOS = 4;

/**
 * Loads fonts and logo and checks brand, channels and template before any work.
 *
 * @throws ERR_OPTION_INVALID, ERR_FONT_INVALID, ERR_GLYPH_MISSING, ERR_PHOTO_NOT_FOUND and ERR_PHOTO_UNREADABLE
 *   (the logo's file)
 */
export async function createRenderer(options: RendererOptions): Promise<AdRenderer> {
  const { out, brand, channels } = options;
  const jobs = options.jobs ?? availableParallelism();
  if (!(Number.isInteger(jobs) && jobs > 0)) {
    throw new LookalikeError("ERR_OPTION_INVALID", expected("a positive integer", "jobs", jobs));
  }
  const template = findTemplate(options.template ?? "panel");
  const theme = themeOf(brand);
  const setter = options.typesetter ?? (await createTypesetter(brand.fonts));
  const logo = await loadLogo(brand, setter);
  const look = hashBytes(JSON.stringify([LOOK, template.id, brand.colors, logo.hash, setter.fontsHash]));
  const limit = createLimit(jobs);
  const decoded = createMemo<DecodedPhoto>(KEPT_PHOTOS);
  const finished = new Map<string, Promise<StoredCreative>>();
  const counts = { rendered: 0, reused: 0 };

  const draw = async (request: RenderRequest, channel: Channel, file: string): Promise<StoredCreative> => {
    const stored = await readStored(out, file);
    if (stored) {
      counts.reused++;
      return stored;
    }
    const { photo } = request;
    const pixels = await decoded(photo.hash, () => decodePhoto(photo.path, { maxSide: MAX_SIDE }));
    const planned = await planAd({
      setter,
      template,
      channel,
      copy: request.copy,
      logoAspect: logo.aspect,
      scene: sceneOf(photo, photo.faces.map(headOf), photo.leadFace),
      scrimNeed: scrimNeedOf(pixels, theme),
    });
    const { radius } = canvasOf(channel);
    const { width, height } = channel;
    const painting = await paintAd({
      width,
      height,
      radius,
      plan: planned.plan,
      photo: pixels,
      theme,
      logo,
      setter,
    });
    const encoded = await encodeWithin(painting.image, channel.format, channel.maxBytes);
    const sha256 = hashBytes(encoded.data);
    const creative = { channel: channel.id, file, width, height, bytes: encoded.data.length, sha256 };
    const result = { creative, warnings: warningsOf(planned, channel, encoded), layout: painting.layout };
    await writeStored(out, result, encoded.data);
    counts.rendered++;
    return result;
  };

  /** Shares the work on a file among all who ask for it; one caller's abort is not another's. */
  const creativeOf = async (request: RenderRequest, channel: Channel, signal?: AbortSignal) => {
    const file = fileName(look, request, channel);
    throwIfAborted(signal);
    const known = finished.get(file);
    if (known) {
      const shared = await known.catch((error: unknown) => {
        if (isLookalikeError(error) && error.code === "ERR_ABORTED") return null;
        throw error;
      });
      if (shared) return shared;
      throwIfAborted(signal);
    }
    const result = limit(() => {
      throwIfAborted(signal);
      return draw(request, channel, file);
    });
    finished.set(file, result);
    result.catch(() => finished.delete(file));
    return result;
  };

  return {
    async render(request, { signal } = {}) {
      const results = await Promise.all(channels.map((channel) => creativeOf(request, channel, signal)));
      return {
        creatives: results.map((result) => result.creative),
        layouts: results.map((result) => result.layout),
        warnings: results.flatMap((result) => result.warnings),
      };
    },
    counts: () => ({ ...counts }),
  };
}

/** The name is made of everything that shows: the same name means the same picture. */
function fileName(look: string, { copy, photo }: RenderRequest, channel: Channel): string {
  const faces = photo.faces.map(({ box, landmarks }) => [box, landmarks]);
  const content = [look, copy, photo.hash, faces, photo.leadFace, photo.focus, channel];
  const extension = channel.format === "jpeg" ? "jpg" : channel.format;
  return `creatives/${channel.id}/${hashBytes(JSON.stringify(content)).slice(0, 20)}.${extension}`;
}

function scrimNeedOf(photo: DecodedPhoto, theme: Theme) {
  const { scaleX, scaleY } = photo;
  return (region: { x: number; y: number; width: number; height: number }) => {
    const { x, y, width, height } = region;
    const part = { x: x / scaleX, y: y / scaleY, width: width / scaleX, height: height / scaleY };
    return scrimOpacity(brightestIn(photo.image, part), theme.scrim, theme.onScrim);
  };
}

function warningsOf({ plan, copy, shortened }: Planned, channel: Channel, encoded: Encoded): AdWarning[] {
  const scale = plan.crop.target.width / plan.crop.region.width;
  const found: [AdWarning["code"], boolean, string][] = [
    ["copy_shortened", shortened, `The text was shortened to "${copy.headline}" / "${copy.body}".`],
    ["head_cut", plan.crop.cutHeads > 0, `${plan.crop.cutHeads} of the other heads are cut by the frame.`],
    ["photo_enlarged", scale > MAX_UPSCALE + 0.01, `The photo is enlarged ${scale.toFixed(1)} times.`],
    [
      "quality_lowered",
      encoded.quality < 60,
      `Quality ${encoded.quality} was needed to meet the weight limit.`,
    ],
  ];
  return found
    .filter(([, applies]) => applies)
    .map(([code, , message]) => ({ code, channel: channel.id, message }));
}
