import { escapeHtml } from "./escape.ts";
import type { Html } from "./html.ts";
import { STYLE } from "./style.ts";

export interface PageHead {
  readonly title: string;
  readonly subtitle: string;
  /** ISO 8601; left out where the page's figures have no date of their own. */
  readonly createdAt?: string | undefined;
}

/** A whole page that needs nothing but itself: no script, no font, no address. */
export function pageOf({ title, subtitle, createdAt }: PageHead, ...parts: readonly Html[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(subtitle)}</p></header>
${parts.join("\n")}
<footer>Made by lookalike${dateOf(createdAt)}. Intervals are 95 %.</footer>
</main>
</body>
</html>
`;
}

function dateOf(createdAt: string | undefined): string {
  return createdAt === undefined ? "" : ` on ${escapeHtml(createdAt.slice(0, 16).replace("T", " "))} UTC`;
}
