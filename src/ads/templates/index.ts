import { invalidOption } from "../../core/index.ts";
import { BANNER } from "./banner.ts";
import { BLEED } from "./bleed.ts";
import { CARD } from "./card.ts";
import { EDITORIAL } from "./editorial.ts";
import { isTemplatePath, loadTemplate } from "./own/load.ts";
import { PANEL } from "./panel.ts";
import { PORTRAIT } from "./portrait.ts";
import { SPLIT_TYPE, typeLed } from "./split-type.ts";
import type { Template } from "./types.ts";

/** Adds the composition of `split-type`, for photos that suit none of a template's own. */
function orTypeLed(template: Template, penalty?: number): Template {
  return { ...template, arrange: (canvas) => [...template.arrange(canvas), ...typeLed(canvas, penalty)] };
}

/** Penalty of that composition in templates that keep their look with a framed photo: card, and paper. */
const LENT_TO_FRAMED = 11;

export const TEMPLATES: readonly Template[] = [
  orTypeLed(PANEL),
  orTypeLed(BLEED),
  orTypeLed(CARD, LENT_TO_FRAMED),
  orTypeLed(EDITORIAL, LENT_TO_FRAMED),
  orTypeLed(BANNER),
  SPLIT_TYPE,
  orTypeLed(PORTRAIT),
];

/** The template of a campaign that names none. */
export const DEFAULT_TEMPLATE = PANEL.id;

/**
 * A template by its built-in id or by the path of the user's own file.
 *
 * @throws ERR_OPTION_INVALID, ERR_TEMPLATE_INVALID
 */
export async function resolveTemplate(template: string | Template): Promise<Template> {
  if (typeof template !== "string") return template;
  return isTemplatePath(template) ? loadTemplate(template) : findTemplate(template);
}

/** @throws ERR_OPTION_INVALID no built-in template has that id */
function findTemplate(id: string): Template {
  const template = TEMPLATES.find((known) => known.id === id);
  if (template) return template;
  const ids = TEMPLATES.map((known) => known.id).join(", ");
  throw invalidOption(
    `one of ${ids}`,
    "template",
    id,
    `Choose one of: ${ids}; or pass the path of your own template.`,
  );
}
