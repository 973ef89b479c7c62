import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built files of `service/web/`. */
const FOLDER = fileURLToPath(new URL("../../dist/service/web", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Nothing is loaded from other hosts, and no page of another site may frame these pages. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface PageFile {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * @param name as `index.html` or `assets/index-1a2b.js`; the caller has checked its form
 * @returns null: the file was not built
 */
export async function readPageFile(name: string): Promise<PageFile | null> {
  const bytes = await readFile(join(FOLDER, name)).catch(() => null);
  if (bytes === null) return null;
  const isHashed = name.startsWith("assets/");
  return {
    bytes,
    headers: {
      "content-type": TYPES[extname(name)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": isHashed ? "private, max-age=31536000, immutable" : "no-store",
    },
  };
}

/** Names of built files below `assets/`. */
export const ASSET_NAME = /^[\w-]+\.(?:js|css|svg)$/;
