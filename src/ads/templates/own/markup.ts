import type { Rect } from "../../layout/rect.ts";
import { isStrip } from "../grid.ts";
import type { Arrangement, Canvas, Ground, Side, Template } from "../types.ts";
import { invalid } from "./check.ts";
import { readTags, type Tag } from "./tags.ts";

/**
 * Templates as tags: `<template>` holds `<layout>`s, each with one `<photo>`, one `<copy>` and at most one `<ground>`.
 * Boxes are `x y width height`, each a share of the canvas (`40%`) or a number of its margins (`1.5m`).
 */

type Length = { readonly unit: "%" | "m"; readonly value: number };
type BoxOf = readonly [Length, Length, Length, Length];

const SHAPES = ["strip", "wide", "square", "tall"] as const;
type CanvasShape = (typeof SHAPES)[number];

/** The attributes that each tag takes; a list of words where only those are allowed. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, readonly string[] | "text">>>> = {
  template: { id: "text", voice: ["sans", "serif"] },
  layout: {
    for: "text",
    bias: "text",
    side: ["bottom", "top", "left", "right"],
    base: ["brand", "paper", "tint"],
  },
  photo: { box: "text", radius: "text" },
  ground: {
    box: "text",
    surface: ["brand", "paper", "tint"],
    shape: ["plain", "open", "slant", "card"],
    hug: "text",
  },
  copy: {
    box: "text",
    flow: ["stack", "row"],
    logo: ["beside-button", "above", "apart"],
    anchor: ["start", "middle", "end"],
    accent: ["true", "false"],
  },
};

/** @throws ERR_TEMPLATE_INVALID with the line */
export function readMarkup(text: string, path: string): Template {
  const refuse = (tag: Tag | null, what: string) =>
    invalid(path, `${tag ? `line ${tag.line}, <${tag.name}>` : "it"}: ${what}`);
  const tags = readTags(text, (line, what) => invalid(path, `line ${line}: ${what}`));
  const [root, ...inner] = tags;
  if (root?.name !== "template") throw refuse(root ?? null, "expected <template> first");
  for (const tag of tags) checkAttributes(tag);
  const id = root.attributes.get("id");
  if (id === undefined || !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) {
    throw refuse(root, "expected an id of small letters, digits and dashes");
  }
  const layouts: Layout[] = [];
  for (const tag of inner) {
    const open = layouts.at(-1);
    if (tag.name === "layout") layouts.push({ tag, photo: null, ground: null, copy: null });
    else if (!open) throw refuse(tag, "expected inside a <layout>");
    else if (tag.name === "photo" || tag.name === "ground" || tag.name === "copy") {
      if (open[tag.name]) throw refuse(tag, "expected once in a <layout>");
      open[tag.name] = tag;
    } else throw refuse(tag, "expected no second <template>");
  }
  if (layouts.length === 0) throw refuse(root, "expected at least one <layout>");
  const makers = layouts.map(makerOf);
  const voice = root.attributes.get("voice") === "serif" ? "serif" : "sans";
  return { id, voice, arrange: (canvas) => makers.flatMap((make) => make(canvas)) };

  function checkAttributes(tag: Tag): void {
    const known = ATTRIBUTES[tag.name];
    if (!known) throw refuse(tag, `expected one of ${Object.keys(ATTRIBUTES).join(", ")}`);
    for (const [name, value] of tag.attributes) {
      const allowed = known[name];
      if (!allowed)
        throw refuse(tag, `expected one of ${Object.keys(known).join(", ")} but received ${name}`);
      if (allowed !== "text" && !allowed.includes(value)) {
        throw refuse(tag, `expected one of ${allowed.join(", ")} for ${name} but received "${value}"`);
      }
    }
  }

  function makerOf({ tag, photo, ground, copy }: Layout): (canvas: Canvas) => Arrangement[] {
    if (!photo || !copy) throw refuse(tag, "expected one <photo> and one <copy>");
    const shapes = (tag.attributes.get("for") ?? SHAPES.join(" ")).split(/\s+/);
    const unknown = shapes.find((shape) => !(SHAPES as readonly string[]).includes(shape));
    if (unknown !== undefined)
      throw refuse(tag, `expected ${SHAPES.join(", ")} in for but received "${unknown}"`);
    const slot = boxOf(photo);
    const textBox = boxOf(copy);
    const plate = ground && boxOf(ground);
    const radius = ground || photo.attributes.has("radius") ? lengthOf(photo, "radius") : null;
    const hug = ground?.attributes.has("hug") ? lengthOf(ground, "hug") : null;
    const bias = Number(tag.attributes.get("bias") ?? 0);
    if (!Number.isFinite(bias)) throw refuse(tag, "expected a number for bias");
    const word = (of: Tag, name: string) => of.attributes.get(name) as never;
    return (canvas) => {
      if (!shapes.includes(shapeOf(canvas))) return [];
      const placed = place(slot, canvas);
      const text = place(textBox, canvas);
      const under: Ground | null = plate && {
        rect: place(plate, canvas),
        surface: ground?.attributes.has("surface") ? word(ground, "surface") : "brand",
        shape: ground?.attributes.has("shape") ? word(ground, "shape") : "plain",
        hug: hug ? pxOf(hug, canvas, canvas.width) : undefined,
      };
      return [
        {
          side: tag.attributes.has("side") ? word(tag, "side") : sideOf(placed, under?.rect ?? text),
          slot: placed,
          slotRadius: radius ? pxOf(radius, canvas, canvas.width) : 0,
          textBox: text,
          ground: under,
          base: tag.attributes.get("base") as Arrangement["base"],
          flow: copy.attributes.get("flow") === "row" ? "row" : "stack",
          logo: copy.attributes.has("logo") ? word(copy, "logo") : "beside-button",
          anchor: copy.attributes.has("anchor") ? word(copy, "anchor") : "middle",
          accent: copy.attributes.get("accent") === "true",
          bias,
        },
      ];
    };
  }

  function boxOf(tag: Tag): BoxOf {
    const lengths = (tag.attributes.get("box") ?? "").trim().split(/\s+/).map(parseLength);
    const [x, y, width, height] = lengths;
    if (lengths.length !== 4 || !x || !y || !width || !height) {
      throw refuse(tag, 'expected a box such as "0 60% 100% 40%"');
    }
    return [x, y, width, height];
  }

  function lengthOf(tag: Tag, name: string): Length {
    const length = parseLength(tag.attributes.get(name) ?? "0");
    if (!length || length.value < 0) throw refuse(tag, `expected a length such as 2% or 1m for ${name}`);
    return length;
  }
}

interface Layout {
  readonly tag: Tag;
  photo: Tag | null;
  ground: Tag | null;
  copy: Tag | null;
}

function parseLength(text: string): Length | null {
  if (text === "0") return { unit: "m", value: 0 };
  const match = /^(-?\d+(?:\.\d+)?)(%|m)$/.exec(text);
  return match && { unit: match[2] === "%" ? "%" : "m", value: Number(match[1]) };
}

function pxOf({ unit, value }: Length, canvas: Canvas, whole: number): number {
  return unit === "%" ? (value / 100) * whole : value * canvas.margin;
}

function place([x, y, width, height]: BoxOf, canvas: Canvas): Rect {
  return {
    x: Math.round(pxOf(x, canvas, canvas.width)),
    y: Math.round(pxOf(y, canvas, canvas.height)),
    width: Math.round(pxOf(width, canvas, canvas.width)),
    height: Math.round(pxOf(height, canvas, canvas.height)),
  };
}

function shapeOf(canvas: Canvas): CanvasShape {
  if (isStrip(canvas)) return "strip";
  const ratio = canvas.width / canvas.height;
  if (ratio > 1.25) return "wide";
  return ratio < 0.8 ? "tall" : "square";
}

/** Text below the photo's middle comes from the bottom, else from the side that it is on. */
function sideOf(slot: Rect, text: Rect): Side {
  const dx = text.x + text.width / 2 - slot.x - slot.width / 2;
  const dy = text.y + text.height / 2 - slot.y - slot.height / 2;
  if (Math.abs(dy) / slot.height > Math.abs(dx) / slot.width) return "bottom";
  return dx < 0 ? "left" : "right";
}
