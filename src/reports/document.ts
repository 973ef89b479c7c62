import { createHash } from "node:crypto";
import { escapeHtml } from "./escape.ts";
import type { Html } from "./html.ts";
import { STYLE, TOKENS } from "./style.ts";

export interface DocumentParts {
  /** BCP 47 tag; default `en`. */
  readonly language?: string | undefined;
  readonly title: string;
  /** CSS rules in addition to the colours that all pages share (`var(--ink)` and the others of `TOKENS`). */
  readonly style: string;
  /** Content of `<body>`. */
  readonly body: Html;
}

/**
 * A self-contained HTML document. Its content security policy makes the browser enforce this: no scripts, no
 * network addresses, only its own styles, and only embedded pictures and fonts.
 */
export function documentOf({ language = "en", title, style, body }: DocumentParts): string {
  const rules = `${TOKENS}${style}`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(rules)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${rules}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function policyOf(style: string): string {
  const hash = createHash("sha256").update(style).digest("base64");
  return `default-src 'none'; img-src data:; font-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

export interface PageHead {
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601; omitted if the page's figures have no date of their own. */
  readonly createdAt?: string | undefined;
}

/** A report: its title and its sections, in order. */
export function pageOf({ title, subtitle, createdAt }: PageHead, ...parts: readonly Html[]): string {
  const body = `<main>
<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(subtitle)}</p></header>
${parts.join("\n")}
<footer>Made by lookalike${dateOf(createdAt)}. Intervals are 95 %.</footer>
</main>`;
  return documentOf({ title, style: STYLE, body });
}

function dateOf(createdAt: string | undefined): string {
  return createdAt === undefined ? "" : ` on ${escapeHtml(createdAt.slice(0, 16).replace("T", " "))} UTC`;
}
