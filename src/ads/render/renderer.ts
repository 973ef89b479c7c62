import { availableParallelism } from "node:os";
import { expected, isLookalikeError, LookalikeError, throwIfAborted } from "../../core/index.ts";
import { hashBytes } from "../../io/files.ts";
import { ACCEPTED_MAX_PIXELS, type DecodedPhoto, decodePhoto } from "../../io/image/index.ts";
import { canvasKey } from "../channels/presets.ts";
import { canvasOf } from "../layout/canvas.ts";
import { headOf } from "../layout/head.ts";
import { checkCopy, type Planned, planAd } from "../layout/plan.ts";
import type { Rect } from "../layout/rect.ts";
import { countShown, type PlainEdges, type Scene, sceneOf } from "../layout/scene.ts";
import type { PhotoLook } from "../layout/search.ts";
import { resolveTemplate } from "../templates/index.ts";
import type { Template } from "../templates/types.ts";
import { createTypesetter, type Typesetter } from "../type/typesetter.ts";
import type { AdCopy, AdPhoto, AdWarning, Brand, Channel, RenderedAd } from "../types.ts";
import { altText } from "./alt.ts";
import { type Encoded, encodeWithin } from "./encode.ts";
import { allFinished, createLimit, createMemo } from "./limit.ts";
import { loadLogo } from "./logo.ts";
import { type CreativeMetadata, creditOf, xmpOf } from "./metadata.ts";
import { paintAd } from "./paint.ts";
import { plainEdgesOf } from "./plain.ts";
import { brightestIn, isSmooth, rangeIn, scrimOpacity } from "./scrim.ts";
import { CREATIVES_FOLDER, readStored, type StoredCreative, writeStored } from "./store.ts";
import { backdropInk, type Theme, themeOf } from "./theme.ts";

export interface RendererOptions {
  /** Output folder; made where it is missing. Creatives go to `creatives/<channel>/` in it. */
  readonly out: string;
  readonly brand: Brand;
  readonly channels: readonly Channel[];
  /** A built-in template's id, the path of one of your own, or the template itself; default `panel`. */
  readonly template?: string | Template | undefined;
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
   * that an earlier run finished is not drawn again. Once it answers, or throws, nothing of the ad is under way.
   *
   * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE, ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG,
   *   ERR_WEIGHT_LIMIT, ERR_OUTPUT_UNWRITABLE, ERR_ABORTED
   */
  render(
    request: RenderRequest,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<RenderedAd>;
  /**
   * Sets the copy in every channel without a photo, and writes nothing: copy that fails here can be rendered with none.
   *
   * @throws ERR_GLYPH_MISSING, ERR_COPY_TOO_LONG, ERR_TEMPLATE_INVALID
   */
  check(copy: AdCopy): Promise<void>;
  counts(): RenderCounts;
}

/** Raised with every change of what creatives look like, so that older files are not taken for current ones. */
const LOOK = 9;
/** Decoded photos are kept at this size at the most: enough for the largest channels without enlarging. */
const MAX_SIDE = 2400;
const KEPT_PHOTOS = 4;
/** Finished creatives in memory; those beyond are found on disk again. */
const KEPT_CREATIVES = 20_000;

/**
 * Loads fonts and logo and checks brand, channels and template before any work.
 *
 * @throws ERR_OPTION_INVALID, ERR_FONT_INVALID, ERR_GLYPH_MISSING, ERR_TEMPLATE_INVALID, ERR_PHOTO_NOT_FOUND and
 *   ERR_PHOTO_UNREADABLE (the logo's file)
 */
export async function createRenderer(options: RendererOptions): Promise<AdRenderer> {
  const { out, brand, channels } = options;
  const jobs = options.jobs ?? availableParallelism();
  if (!(Number.isInteger(jobs) && jobs > 0)) {
    throw new LookalikeError("ERR_OPTION_INVALID", expected("a positive integer", "jobs", jobs));
  }
  const template = await resolveTemplate(options.template ?? "panel");
  const theme = themeOf(brand);
  const setter = options.typesetter ?? (await createTypesetter(brand.fonts));
  const logo = await loadLogo(brand, setter);
  const { name, colors, corner, tone } = brand;
  const marks = [LOOK, template.id, template.hash, name, colors, corner, tone, logo.hash, setter.fontsHash];
  const look = hashBytes(JSON.stringify(marks));
  const limit = createLimit(jobs);
  const opened = createMemo<OpenedPhoto>(KEPT_PHOTOS);
  const finished = createMemo<StoredCreative>(KEPT_CREATIVES);
  const canvases = channels.map((channel) => ({ channel, key: canvasKey(channel) }));
  const counts = { rendered: 0, reused: 0 };

  const draw = async (request: RenderRequest, channel: Channel, file: string): Promise<StoredCreative> => {
    const stored = await readStored(out, file);
    if (stored) {
      counts.reused++;
      return stored;
    }
    const { photo, copy } = request;
    const { pixels, credit, edges } = await opened(photo.hash, () => openPhoto(photo));
    const scene: Scene = sceneOf(photo, photo.faces.map(headOf), photo.leadFace, edges);
    const seen = lookOf(pixels, theme);
    const logoAspect = logo.aspect;
    const planned = await planAd({ setter, template, channel, corner, copy, logoAspect, scene, look: seen });
    const { plan } = planned;
    const canvas = canvasOf(channel, corner);
    const painting = await paintAd({ canvas, template, plan, photo: pixels, scene, theme, logo, setter });
    const about: CreativeMetadata = {
      alt: altText(brand, planned.copy, countShown(scene, plan.crop.region)),
      credit: photo.rights?.credit ?? credit,
      releaseId: photo.rights?.releaseId ?? null,
      digitalSourceType: photo.rights?.synthetic ? "compositeSynthetic" : "composite",
    };
    const encoded = await encodeWithin(painting.image, { ...channel, xmp: xmpOf(about) });
    const { width, height } = channel;
    const bytes = encoded.data.length;
    const creative = { channel: channel.id, file, width, height, bytes, sha256: hashBytes(encoded.data) };
    const warnings = warningsOf(planned, channel, encoded);
    const result = { creative, alt: about.alt, warnings, layout: painting.layout };
    await writeStored(out, result, encoded.data);
    counts.rendered++;
    return result;
  };

  /** Shares the work on a file among all who ask for it; one caller's abort is not another's. */
  const creativeOf = async (
    request: RenderRequest,
    { channel, file }: { readonly channel: Channel; readonly file: string },
    signal: AbortSignal | undefined,
  ): Promise<StoredCreative> => {
    for (;;) {
      throwIfAborted(signal);
      const shared = finished(file, () =>
        limit(() => {
          throwIfAborted(signal);
          return draw(request, channel, file);
        }),
      );
      try {
        return await shared;
      } catch (error) {
        if (!isLookalikeError(error) || error.code !== "ERR_ABORTED") throw error;
        throwIfAborted(signal);
      }
    }
  };

  return {
    async render(request, { signal } = {}) {
      const content = hashBytes(JSON.stringify([look, contentOf(request)]));
      const results = await allFinished(
        canvases.map(({ channel, key }) =>
          creativeOf(request, { channel, file: fileName(content, channel, key) }, signal),
        ),
      );
      return {
        alts: results.map((result) => result.alt),
        creatives: results.map((result) => result.creative),
        layouts: results.map((result) => result.layout),
        warnings: results.flatMap((result) => result.warnings),
      };
    },
    async check(copy) {
      for (const channel of channels) {
        await checkCopy({ setter, template, channel, corner, copy, logoAspect: logo.aspect });
      }
    },
    counts: () => ({ ...counts }),
  };
}

interface OpenedPhoto {
  readonly pixels: DecodedPhoto;
  /** Who took it, as the file itself says. */
  readonly credit: string | null;
  readonly edges: PlainEdges;
}

async function openPhoto({ path }: AdPhoto): Promise<OpenedPhoto> {
  const [pixels, credit] = await Promise.all([
    decodePhoto(path, { maxSide: MAX_SIDE, maxPixels: ACCEPTED_MAX_PIXELS }),
    creditOf(path),
  ]);
  return { pixels, credit, edges: plainEdgesOf(pixels) };
}

/** Everything of a request that shows: the same content means the same picture. */
function contentOf({ copy, photo }: RenderRequest): unknown {
  const faces = photo.faces.map(({ box, landmarks }) => [box, landmarks]);
  return [copy, photo.hash, faces, photo.leadFace, photo.focus, photo.rights];
}

function fileName(content: string, channel: Channel, canvas: string): string {
  const extension = channel.format === "jpeg" ? "jpg" : channel.format;
  return `${CREATIVES_FOLDER}/${channel.id}/${hashBytes(`${content} ${canvas}`).slice(0, 20)}.${extension}`;
}

function lookOf(photo: DecodedPhoto, theme: Theme): PhotoLook {
  const { image, scaleX, scaleY } = photo;
  const pixelsOf = ({ x, y, width, height }: Rect): Rect => {
    return { x: x / scaleX, y: y / scaleY, width: width / scaleX, height: height / scaleY };
  };
  return {
    scrimNeed: (part) =>
      scrimOpacity(brightestIn(image, pixelsOf(part)), theme.scrim.fill, theme.scrim.headline),
    isQuiet: (part) => {
      const range = rangeIn(image, pixelsOf(part));
      return range === null || (isSmooth(range) && backdropInk(range, []) !== null);
    },
  };
}

function warningsOf({ plan, copy, shortened }: Planned, channel: Channel, encoded: Encoded): AdWarning[] {
  const { slot, from } = plan.arrangement;
  const { target } = plan.crop;
  const padded = target.width < slot.width - 2 || target.height < slot.height - 2;
  const found: [AdWarning["code"], boolean, string][] = [
    ["copy_shortened", shortened, `The text was shortened to "${copy.headline}" / "${copy.body}".`],
    ["head_cut", plan.crop.cutHeads > 0, `${plan.crop.cutHeads} of the other heads are cut by the frame.`],
    ["photo_padded", padded, `The photo does not fill its place: it stands in a frame.`],
    ["template_replaced", from !== undefined, `The photo does not suit the template here: drawn as ${from}.`],
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
