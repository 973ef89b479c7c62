import type { Chart } from "./charts/draw.ts";
import { escapeHtml } from "./escape.ts";

/** The summary at the top of a report, in plain words. */
export interface Verdict {
  readonly tone: "good" | "neutral" | "bad";
  readonly headline: string;
  /** Whole sentences, the most important first. */
  readonly sentences: readonly string[];
}

/** A part of a page; every text in it is escaped already. */
export type Html = string;

export interface Cell {
  readonly text: string;
  readonly kind?: "number" | "strong" | "muted" | undefined;
  readonly tone?: "good" | "bad" | undefined;
  /** 0 to 1: the strength of the cell's tint. */
  readonly tint?: number | undefined;
}

export function section(title: string, lead: string, ...parts: readonly Html[]): Html {
  return `<section><h2>${escapeHtml(title)}</h2>${lead === "" ? "" : `<p class="lead">${escapeHtml(lead)}</p>`}${parts.join("\n")}</section>`;
}

export function subsection(title: string, ...parts: readonly Html[]): Html {
  return `<div class="sub"><h3>${escapeHtml(title)}</h3>${parts.join("\n")}</div>`;
}

export function paragraph(text: string, kind = ""): Html {
  return `<p${kind === "" ? "" : ` class="${kind}"`}>${escapeHtml(text)}</p>`;
}

export function figure({ title, wide, narrow }: Chart, caption: string): Html {
  return `<figure aria-label="${escapeHtml(title)}"><h4>${escapeHtml(title)}</h4><div class="wide">${wide}</div><div class="narrow">${narrow}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

export function grid(...parts: readonly Html[]): Html {
  return `<div class="grid">${parts.join("\n")}</div>`;
}

export function table(head: readonly string[], rows: readonly (readonly Cell[])[], caption = ""): Html {
  const numeric = head.map((_, i) => rows.length > 0 && rows.every((row) => row[i]?.kind === "number"));
  const cells = head
    .map((text, i) => `<th scope="col"${numeric[i] ? ' class="number"' : ""}>${escapeHtml(text)}</th>`)
    .join("");
  const body = rows.map((row) => `<tr>${row.map(cellHtml).join("")}</tr>`).join("\n");
  const title = caption === "" ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  return `<div class="scroll"><table>${title}<thead><tr>${cells}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function details(summary: string, ...parts: readonly Html[]): Html {
  return `<details><summary>${escapeHtml(summary)}</summary>${parts.join("\n")}</details>`;
}

export function tiles(
  list: readonly { readonly label: string; readonly value: string; readonly note: string }[],
): Html {
  const each = list.map(
    ({ label, value, note }) =>
      `<div class="tile"><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd><p>${escapeHtml(note)}</p></div>`,
  );
  return `<dl class="tiles">${each.join("")}</dl>`;
}

export function verdictCard({ tone, headline, sentences }: Verdict): Html {
  const items = sentences.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join("");
  return `<div class="verdict ${tone}"><p class="headline">${escapeHtml(headline)}</p><ul>${items}</ul></div>`;
}

function cellHtml({ text, kind, tone, tint }: Cell): Html {
  const tinted = tint === undefined ? "" : `tint-${5 * Math.round(20 * Math.min(1, Math.max(0, tint)))}`;
  const names = [kind, tone, tinted].filter(Boolean).join(" ");
  return `<td${names === "" ? "" : ` class="${names}"`}>${escapeHtml(text)}</td>`;
}
