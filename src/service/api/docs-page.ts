import { once } from "../../core/index.ts";
import { documentOf, escapeHtml } from "../../reports/index.ts";
import type { Http } from "./http.ts";

/** The parts of the OpenAPI document that the page shows. */
interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: unknown }>> }>
  >;
}

/** Adds `/openapi.json`, and `/docs`, which shows it on one page without scripts or foreign hosts. */
export function addDocs(app: Http): void {
  const page = once(() => pageOf(app.swagger() as unknown as OpenApi));
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  app.get("/docs", { schema: { hide: true } }, async (_, reply) => {
    return reply.type("text/html; charset=utf-8").send(page());
  });
}

const STYLE = `
body { max-width: 60rem; margin: 0 auto; padding: 1rem; background: var(--bg); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
section { border-top: 1px solid var(--line-strong); padding: 0.5rem 0; }
h2 { font-size: 1.05rem; } code, pre { font: 0.85rem/1.45 ui-monospace, monospace; }
pre { overflow: auto; padding: 0.75rem; background: var(--surface); border-radius: 6px; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; }
`;

function pageOf({ info, paths }: OpenApi): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => sectionOf(path, method, operation)),
  );
  const title = `${info.title} API`;
  const body = `<h1>${escapeHtml(title)} <small>${escapeHtml(info.version)}</small></h1>
<p>${escapeHtml(info.description)} As data: <a href="/openapi.json">openapi.json</a>.</p>
${operations.join("\n")}`;
  return documentOf({ title, style: STYLE, body });
}

function sectionOf(path: string, method: string, operation: Operation): string {
  const { summary = "", security, requestBody, responses = {} } = operation;
  const body =
    requestBody === undefined ? "" : details("Body", Object.values(requestBody.content)[0]?.schema);
  const answers = Object.entries(responses).map(([status, { content }]) =>
    content === undefined ? "" : details(`Answer ${status}`, Object.values(content)[0]?.schema),
  );
  const key = security === undefined ? "" : " Needs a key.";
  return `<section><h2><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)}.${key}</p>${body}${answers.join("")}</section>`;
}

function details(title: string, schema: unknown): string {
  return `<details><summary>${escapeHtml(title)}</summary><pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre></details>`;
}
