import { z } from "zod";
import { LookalikeError } from "../../../core/index.ts";
import { clip } from "../../layout/rect.ts";
import type { Arrangement, Canvas, Template } from "../types.ts";

/** What a template from outside must hold to be drawn. */

const rect = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});
const ground = z.object({
  rect,
  surface: z.enum(["brand", "paper", "tint"]),
  shape: z.enum(["plain", "open", "slant", "card"]),
  hug: z.number().min(0).optional(),
});
const arrangement = z.object({
  side: z.enum(["bottom", "top", "left", "right"]),
  slot: rect,
  slotRadius: z.number().min(0).optional(),
  textBox: rect,
  ground: ground.nullable(),
  base: z.enum(["brand", "paper", "tint"]).optional(),
  flow: z.enum(["stack", "row"]),
  logo: z.enum(["beside-button", "above", "apart"]),
  anchor: z.enum(["start", "middle", "end"]).optional(),
  accent: z.boolean().optional(),
  bias: z.number(),
});
const template = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "1 to 64 small letters, digits and dashes"),
  voice: z.enum(["sans", "serif"]).optional(),
  arrange: z.custom<Template["arrange"]>(
    (value) => typeof value === "function",
    "a function arrange(canvas)",
  ),
});

export function checkTemplate(value: unknown, path: string): Template {
  const parsed = template.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(path, `its default export: ${problems(parsed.error)}`);
}

/** Text goes no further than the canvas's readable part, whatever the template says. */
export function checkArrangements(value: unknown, canvas: Canvas, path: string): Arrangement[] {
  const parsed = z.array(arrangement).safeParse(value);
  if (!parsed.success) throw invalid(path, `what it arranges: ${problems(parsed.error)}`);
  const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
  return parsed.data.flatMap((each) => {
    const slot = clip(each.slot, whole);
    const textBox = clip(each.textBox, canvas.inner);
    return slot && textBox ? [{ ...each, slot, textBox }] : [];
  });
}

function problems(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".") || "value"}: ${message}`)
    .join("; ");
}

export function invalid(path: string, what: string): LookalikeError {
  return new LookalikeError("ERR_TEMPLATE_INVALID", `Expected a template in ${path} but found in ${what}`, {
    hint: "See docs/templates.md for the tags, attributes and fields of a template.",
  });
}
