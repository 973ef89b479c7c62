import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createClient } from "../../src/service/client.ts";
import type { Api } from "./open.ts";

export const GUIDES = resolve(import.meta.dirname, "../../docs/guides");

/** Calls a function that a guide exports. */
type Example = (name: string, value: unknown) => Promise<unknown>;

/** A limit that a busy machine keeps; the examples' own are for a shop. */
const TIMEOUT_MS = 60_000;

/**
 * Runs the JavaScript of a guide, with the address, the key and the channel of a test.
 *
 * @param lead statements between the first block and the others, which use what a page would know
 */
export async function runExamples(
  guide: string,
  { api, key, lead = "" }: { readonly api: Api; readonly key: string; readonly lead?: string },
): Promise<Example> {
  const text = readFileSync(join(GUIDES, guide), "utf8");
  const [first = "", ...others] = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(
    ([, code = ""]) => code,
  );
  const names = [...first.matchAll(/^export async function (\w+)/gm)].map(([, name]) => name);
  const code = [first, lead, ...others]
    .join("\n")
    .replace(/^import .*$/gm, "")
    .replace(/^export /gm, "")
    .replaceAll("http://127.0.0.1:8787", api.url)
    .replaceAll("rectangle-300x250", "tiny");
  const AsyncFunction = (async () => {}).constructor as new (
    ...parts: string[]
  ) => (...values: unknown[]) => Promise<Example>;
  const run = new AsyncFunction(
    "createClient",
    "process",
    "AbortSignal",
    "console",
    `${code}\nconst exported = { ${names.join(", ")} };\nreturn (name, value) => exported[name](value);`,
  );
  return run(
    (url: string, own: string) => createClient(url, own, { timeoutMs: TIMEOUT_MS }),
    { env: { LOOKALIKE_API_KEY: key } },
    { timeout: () => AbortSignal.timeout(TIMEOUT_MS) },
    { log() {} },
  );
}
