import { expected, LookalikeError } from "../../errors.ts";
import { BLEED } from "./bleed.ts";
import { PANEL } from "./panel.ts";
import type { Template } from "./types.ts";

export const TEMPLATES: readonly Template[] = [PANEL, BLEED];

/** @throws ERR_OPTION_INVALID no template has that id */
export function findTemplate(id: string): Template {
  const template = TEMPLATES.find((known) => known.id === id);
  if (template) return template;
  const ids = TEMPLATES.map((known) => known.id).join(", ");
  throw new LookalikeError("ERR_OPTION_INVALID", expected(`one of ${ids}`, "template", id), {
    hint: `Choose one of: ${ids}.`,
  });
}
