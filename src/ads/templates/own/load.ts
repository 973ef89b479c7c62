import { extname } from "node:path";
import { LookalikeError } from "../../../core/index.ts";
import { hashBytes, readNamedText, reason } from "../../../io/files.ts";
import { isStrip, strips } from "../grid.ts";
import { panels } from "../panel.ts";
import type { Arrangement, Canvas, Template } from "../types.ts";
import { invalid, readMarkup } from "./markup.ts";

/** The user's own templates: files of tags. */

const EXTENSIONS = new Set([".html", ".htm", ".xml"]);

/** Whether a template's name is the path of a file. */
export function isTemplatePath(name: string): boolean {
  return /[/\\]/.test(name) || extname(name) !== "";
}

/** Penalty of a plain panel, for canvases that none of the template's own layouts suits. */
const LAST_RESORT = 100;

/** @throws ERR_TEMPLATE_INVALID the file is missing, or is no template */
export async function loadTemplate(path: string): Promise<Template> {
  if (!EXTENSIONS.has(extname(path).toLowerCase())) {
    throw invalid(path, `expected one of ${[...EXTENSIONS].join(", ")}; templates are files of tags`);
  }
  const text = await readNamedText(path).catch((cause) => {
    throw new LookalikeError(
      "ERR_TEMPLATE_INVALID",
      `Could not read the template ${path}: ${reason(cause)}`,
      {
        hint: "Check the path, or choose a built-in template by its name.",
        cause,
      },
    );
  });
  const own = readMarkup(text, path);
  return {
    ...own,
    hash: hashBytes(text),
    arrange: (canvas) => [...own.arrange(canvas), ...lastResorts(canvas)],
  };
}

function lastResorts(canvas: Canvas): Arrangement[] {
  const known = isStrip(canvas) ? strips(canvas, { surface: "brand" }) : panels(canvas);
  return known.map((arrangement) => ({ ...arrangement, bias: arrangement.bias + LAST_RESORT }));
}
