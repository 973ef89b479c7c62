import { availableParallelism } from "node:os";
import {
  allFinished,
  createLimit,
  createMemo,
  invalidOption,
  isLookalikeError,
  throwIfAborted,
} from "../../core/index.ts";
import { hashBytes } from "../../io/files.ts";
import { canvasKey } from "../channels/presets.ts";
import { canvasOf } from "../layout/canvas.ts";
import type { Settled } from "../layout/draft.ts";
import { leastFacePx } from "../layout/leads.ts";
import { checkCopy } from "../layout/plan.ts";
import { countShown } from "../layout/scene.ts";
import { DEFAULT_TEMPLATE, resolveTemplate } from "../templates/index.ts";
import type { Template } from "../templates/types.ts";
import { loadHyphenation } from "../type/hyphenate.ts";
import { createTypesetter, type Typesetter } from "../type/typesetter.ts";
import type { AdCopy, AdPhoto, Brand, Channel, CopyExtras, RenderedAd } from "../types.ts";
import { altText } from "./alt.ts";
import { encodeWithin } from "./encode.ts";
import { loadLogo } from "./logo.ts";
import { type CreativeMetadata, xmpOf } from "./metadata.ts";
import { paintAd } from "./paint.ts";
import { type OpenedPhoto, openPhoto, sceneIn } from "./photo.ts";
import { createPlanner, type Place } from "./planner.ts";
import { contentOf, copyIn, fileName, type RenderRequest } from "./request.ts";
import { type Family, settle } from "./settle.ts";
import { readStored, type StoredCreative, writeStored } from "./store.ts";
import { themeOf } from "./theme.ts";
import { warningsOf } from "./warnings.ts";

export interface RendererOptions {
  /** Output folder; created if missing. Creatives go to `creatives/<channel>/` in it. */
  readonly out: string;
  readonly brand: Brand;
  readonly channels: readonly Channel[];
  /** A built-in template's id, the path of one of your own, or the template itself; default `panel`. */
  readonly template?: string | Template | undefined;
  /** Other templates for single channels, by the channel's id. */
  readonly templates?: Readonly<Record<string, string | Template>> | undefined;
  /** ISO 639-1 code of the texts' language, for hyphenation; default: words break only at soft hyphens. */
  readonly language?: string | undefined;
  /** The side that photos have beside text; default: as the layout search finds best. */
  readonly photoSide?: "left" | "right" | undefined;
  /** The campaign's photos and words: its ads in a channel then look alike; default: each ad for itself. */
  readonly family?: Family | undefined;
  /** The least height of a face that leads in a channel, px of the photo, by its id; default: `leastFacePx`. */
  readonly leastFaces?: Readonly<Record<string, number>> | undefined;
  /** Creatives made at once; default: the number of cores. */
  readonly jobs?: number | undefined;
  /** Shares loaded fonts; default: the renderer loads the brand's own. */
  readonly typesetter?: Typesetter | undefined;
}

interface RenderCounts {
  /** Drawn by this renderer. */
  readonly rendered: number;
  /** Found finished from an earlier run. */
  readonly reused: number;
}

export interface AdRenderer {
  /**
   * The creatives of one ad, one per channel. Requests for the same content are answered from memory; a file
   * that an earlier run finished is not rendered again. When the promise settles, no work on the ad continues.
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
  check(copy: AdCopy, extras?: CopyExtras): Promise<void>;
  /**
   * Whether the photo's leading face leads the ad in every channel: whole, large enough, the largest that shows, no other
   * face cut and no body without its head. For those who choose the photo; nothing is drawn.
   */
  leads(request: RenderRequest): Promise<boolean>;
  counts(): RenderCounts;
}

/** Increased with every visible change of creatives, so that older files are drawn again. */
const LOOK = 19;
const KEPT_PHOTOS = 4;
/** Finished creatives in memory; those beyond are found on disk again. */
const KEPT_CREATIVES = 20_000;

/**
 * Creates a renderer of ads. Loads fonts and logo and checks brand, channels and template before any work.
 *
 * @throws ERR_OPTION_INVALID, ERR_FONT_INVALID, ERR_GLYPH_MISSING, ERR_TEMPLATE_INVALID, ERR_PHOTO_NOT_FOUND and
 *   ERR_PHOTO_UNREADABLE (the logo's file)
 *
 * @example
 * const brand = {
 *   name: "Lumo",
 *   logo: null,
 *   colors: { primary: "#5b2be0", ink: "#14101f", paper: "#ffffff" },
 * };
 * const channels = [findChannel("square-1080")].filter((channel) => channel !== undefined);
 * const renderer = await createRenderer({ out: "ads", brand, channels });
 * const { creatives } = await renderer.render({ copy, photo });
 */
export async function createRenderer(options: RendererOptions): Promise<AdRenderer> {
  const { out, brand, channels } = options;
  const jobs = options.jobs ?? availableParallelism();
  if (!(Number.isInteger(jobs) && jobs > 0)) {
    throw invalidOption("a positive integer", "jobs", jobs);
  }
  const theme = themeOf(brand);
  const setter = options.typesetter ?? (await createTypesetter(brand.fonts));
  const logo = await loadLogo(brand, setter);
  const { language, photoSide, family } = options;
  const hyphenate = language === undefined ? undefined : await loadHyphenation(language);
  const { name, colors, corner, tone } = brand;
  const marks = [LOOK, name, colors, corner, tone, logo.hash, setter.fontsHash, language, photoSide];
  const brandLook = hashBytes(JSON.stringify(marks));
  const limit = createLimit(jobs);
  const opened = createMemo<OpenedPhoto>(KEPT_PHOTOS);
  const finished = createMemo<StoredCreative>(KEPT_CREATIVES);
  const settled = createMemo<Settled | undefined>(channels.length);
  const shared = { setter, corner, hyphenate, photoSide, logoAspect: logo.aspect };
  const places = await Promise.all(
    channels.map(async (channel) => {
      const template = await resolveTemplate(
        options.templates?.[channel.id] ?? options.template ?? DEFAULT_TEMPLATE,
      );
      const look = hashBytes(JSON.stringify([brandLook, template.id, template.hash]));
      const leastPx = options.leastFaces?.[channel.id] ?? leastFacePx(channel);
      return { channel, template, look, key: canvasKey(channel), leastPx };
    }),
  );
  const counts = { rendered: 0, reused: 0 };
  const open = (photo: AdPhoto) => opened(`${photo.hash} ${photo.turn ?? 0}`, () => openPhoto(photo));
  const settledIn = ({ channel, template, look }: Place) =>
    settled(
      channel.id,
      async () => family && settle(family, { ...shared, channel, template }, { open, theme, look }),
    );

  const planner = createPlanner({ shared, theme, open, settledIn });
  const fileOf = async (request: RenderRequest, place: Place): Promise<string> => {
    const { channel, look, key } = place;
    const common = [...((await settledIn(place)) ?? [])].sort();
    const content = hashBytes(JSON.stringify([look, common, contentOf(request, channel)]));
    return fileName(content, channel, key);
  };

  const draw = async (request: RenderRequest, place: Place, file: string): Promise<StoredCreative> => {
    const stored = await readStored(out, file);
    if (stored) {
      counts.reused++;
      return stored;
    }
    const { photo } = request;
    const { channel, template } = place;
    const planned = await planner.plan(request, place, file);
    const seen = await open(photo);
    const scene = sceneIn(photo, seen);
    const { plan } = planned;
    const canvas = canvasOf(channel, corner);
    const { pixels } = seen;
    const painting = await paintAd({ canvas, template, plan, photo: pixels, scene, theme, logo, setter });
    const about: CreativeMetadata = {
      alt: altText(brand, planned.copy, countShown(scene, plan.crop.region)),
      credit: photo.rights?.credit ?? seen.credit,
      releaseId: photo.rights?.releaseId ?? null,
      digitalSourceType: photo.rights?.synthetic ? "compositeSynthetic" : "composite",
    };
    const encoded = await encodeWithin(painting.image, { ...channel, xmp: xmpOf(about) });
    const { width, height } = channel;
    const bytes = encoded.data.length;
    const creative = { channel: channel.id, file, width, height, bytes, sha256: hashBytes(encoded.data) };
    const { layout, isLogoOnPlate } = painting;
    const warnings = warningsOf(planned, channel, {
      encoded,
      isLogoOnPlate,
      isLogoEmpty: logo.isEmpty,
      photo,
    });
    const origin = { photo: photo.hash, isPersonal: request.isPersonal === true };
    const result = { creative, alt: about.alt, warnings, layout, origin };
    await writeStored(out, result, encoded.data);
    counts.rendered++;
    return result;
  };

  /** Renders a file once for all callers; the abort of one caller does not affect the others. */
  const creativeOf = async (
    request: RenderRequest,
    { place, file }: { readonly place: Place; readonly file: string },
    signal: AbortSignal | undefined,
  ): Promise<StoredCreative> => {
    for (;;) {
      throwIfAborted(signal);
      const drawn = finished(file, () =>
        limit(() => {
          throwIfAborted(signal);
          return draw(request, place, file);
        }),
      );
      try {
        return await drawn;
      } catch (error) {
        if (!isLookalikeError(error) || error.code !== "ERR_ABORTED") throw error;
        throwIfAborted(signal);
      }
    }
  };

  return {
    async render(request, { signal } = {}) {
      const results = await allFinished(
        places.map(async (place) =>
          creativeOf(request, { place, file: await fileOf(request, place) }, signal),
        ),
      );
      return {
        alts: results.map((result) => result.alt),
        creatives: results.map((result) => result.creative),
        layouts: results.map((result) => result.layout),
        warnings: results.flatMap((result) => result.warnings),
      };
    },
    async check(copy, extras) {
      for (const { channel, template } of places) {
        await checkCopy({ ...shared, template, channel, copy: copyIn({ copy, extras }, channel) });
      }
    },
    async leads(request) {
      for (const place of places) {
        if (!(await planner.leads(request, place, await fileOf(request, place)))) return false;
      }
      return true;
    },
    counts: () => ({ ...counts }),
  };
}
