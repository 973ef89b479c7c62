import { z } from "zod";
import { id, text } from "./schema-values.ts";

/** The parts of `campaign.yaml` that define the ads' layout and texts. */

const template = text("a template's name, or the path of your own template", 4096);
const inset = z.int("whole pixels, 0 or more").min(0, "whole pixels, 0 or more").default(0);

export const channel = z.union(
  [
    id,
    z.strictObject({ id, template }),
    z.strictObject({
      id,
      width: z.int("whole pixels from 50 to 4,096").min(50).max(4096),
      height: z.int("whole pixels from 50 to 4,096").min(50).max(4096),
      format: z.enum(["jpeg", "png", "webp", "avif"], "one of jpeg, png, webp, avif").default("jpeg"),
      max_bytes: z.int("whole bytes, 1,000 or more").min(1000).default(200_000),
      safe: z
        .strictObject(
          { top: inset, right: inset, bottom: inset, left: inset },
          "a map of insets: top, right, bottom, left",
        )
        .optional(),
      density: z.number("a number from 1 to 4").min(1).max(4).default(1),
      body: z.boolean("true or false").default(true),
      template: template.optional(),
    }),
  ],
  "the id of a channel, a map with id and template, or a map with id, width and height",
);

export { template };

/** Variants of an offer's texts, drawn at random; absent keys are as in the offer itself. */
export const variants = z.record(
  id,
  z.strictObject(
    {
      headline: text("the headline", 120).optional(),
      headline_short: text("a shorter headline", 60).optional(),
      body: text("the text", 300).optional(),
      cta: text("the button's text", 40).optional(),
      legal: text("the small print", 400).optional(),
    },
    "a map with headline, headline_short, body, cta or legal",
  ),
  "a map of variants of the words",
);

/** An offer's texts for single channels; absent keys are as in the others. */
export const copyByChannel = z.record(
  id,
  z.strictObject(
    {
      headline: text("the headline", 120).optional(),
      body: z.string("the text").max(300, "at most 300 characters").optional(),
      cta: text("the button's text", 40).optional(),
      legal: z.string("the small print").max(400, "at most 400 characters").optional(),
    },
    "a map with headline, body, cta or legal",
  ),
  "a map of channels",
);
