import { z } from "zod";

/** What each tag of a template takes, from text to checked values with every default filled in. */

/** A share of the canvas (`40%`), or a number of its margins (`1.5m`). */
export type Length = { readonly unit: "%" | "m"; readonly value: number };
/** x, y, width, height. */
export type Place = readonly [Length, Length, Length, Length];

const CANVAS_SHAPES = ["strip", "wide", "square", "tall"] as const;
export type CanvasShape = (typeof CANVAS_SHAPES)[number];

const length = z
  .string()
  .regex(/^(0|-?\d+(\.\d+)?[%m])$/, "expected a length such as 2% or 1m")
  .transform((text): Length => ({ unit: text.endsWith("%") ? "%" : "m", value: Number.parseFloat(text) }));
const distance = length.refine(({ value }) => value >= 0, "expected a length of 0 or more");
const place = z
  .string()
  .transform((text) => text.trim().split(/\s+/))
  .pipe(z.tuple([length, length, length, length], 'expected a box such as "0 60% 100% 40%"'));
const surface = z.enum(["brand", "paper", "tint"]);
const shapes = z
  .string()
  .transform((text) => text.trim().split(/\s+/))
  .pipe(z.array(z.enum(CANVAS_SHAPES)));

export const TAGS = {
  template: z.strictObject({
    id: z
      .string("expected an id")
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "expected small letters, digits and dashes"),
    voice: z.enum(["sans", "serif"]).default("sans"),
  }),
  layout: z.strictObject({
    for: shapes.default([...CANVAS_SHAPES]),
    bias: z.coerce.number().default(0),
    side: z.enum(["bottom", "top", "left", "right"]).optional(),
    base: surface.optional(),
  }),
  photo: z.strictObject({ box: place, radius: distance.optional() }),
  ground: z.strictObject({
    box: place,
    surface: surface.default("brand"),
    shape: z.enum(["plain", "open", "slant", "card"]).default("plain"),
    hug: distance.optional(),
  }),
  copy: z.strictObject({
    box: place,
    flow: z.enum(["stack", "row"]).default("stack"),
    logo: z.enum(["beside-button", "above", "apart"]).default("beside-button"),
    anchor: z.enum(["start", "middle", "end"]).default("middle"),
    accent: z.enum(["true", "false"]).default("false"),
  }),
} as const;

export type TagName = keyof typeof TAGS;
/** The checked attributes of a tag. */
export type Attributes<Name extends TagName> = z.output<(typeof TAGS)[Name]>;
