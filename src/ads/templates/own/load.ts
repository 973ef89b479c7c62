import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LookalikeError } from "../../../core/index.ts";
import { hashBytes, reason } from "../../../io/files.ts";
import { isStrip, strips } from "../grid.ts";
import { panels } from "../panel.ts";
import type { Arrangement, Canvas, Template } from "../types.ts";
import { checkArrangements, checkTemplate } from "./check.ts";
import { readMarkup } from "./markup.ts";

/** The user's own templates: a file of tags, or a module whose default export is a `Template`. */

const MODULES = new Set([".js", ".mjs", ".ts", ".mts"]);
const MARKUP = new Set([".html", ".htm", ".xml"]);

export function isTemplatePath(name: string): boolean {
  return /[/\\]/.test(name) || MODULES.has(extname(name)) || MARKUP.has(extname(name));
}

/** A canvas that none of the template's own layouts serves still gets its ad. */
const LAST_RESORT = 100;

/**
 * @throws ERR_TEMPLATE_INVALID the file is missing, cannot be read as a template, or lays out outside of the canvas
 */
export async function loadTemplate(path: string): Promise<Template> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new LookalikeError(
      "ERR_TEMPLATE_INVALID",
      `Could not read the template ${path}: ${reason(cause)}`,
      {
        hint: "Check the path, or choose a built-in template by its name.",
        cause,
      },
    );
  });
  const own = MARKUP.has(extname(path)) ? readMarkup(text, path) : await importTemplate(path);
  return {
    ...own,
    hash: hashBytes(text),
    arrange: (canvas) => [
      ...checkArrangements(arrangeWith(own, canvas, path), canvas, path),
      ...lastResorts(canvas),
    ],
  };
}

function arrangeWith(own: Template, canvas: Canvas, path: string): unknown {
  try {
    return own.arrange(canvas);
  } catch (cause) {
    throw notRunnable(path, cause);
  }
}

async function importTemplate(path: string): Promise<Template> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(resolve(path)).href);
    return checkTemplate(module.default, path);
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    throw notRunnable(path, cause);
  }
}

function notRunnable(path: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_TEMPLATE_INVALID", `Could not run the template ${path}: ${reason(cause)}`, {
    hint: "Run the module with node to see its own error.",
    cause,
  });
}

function lastResorts(canvas: Canvas): Arrangement[] {
  const known = isStrip(canvas) ? strips(canvas, { surface: "brand" }) : panels(canvas);
  return known.map((arrangement) => ({ ...arrangement, bias: arrangement.bias + LAST_RESORT }));
}
