import { LookalikeError } from "../../core/index.ts";
import type { Http } from "./http.ts";

/**
 * Reads JSON bodies more strictly than the framework: of two equal keys it would take the last one, and other
 * encodings would change ids, so that a withdrawal could miss its person.
 */
export function addJsonBodies(app: Http): void {
  const parse = app.getDefaultJsonParser("error", "error");
  // The framework would read it as a text, and the error would not name the header.
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    let text: string;
    try {
      text = UTF8.decode(body as Buffer);
    } catch (cause) {
      return done(invalid("Expected a body in UTF-8", cause));
    }
    parse(request, text, (error, value) => {
      if (error == null && hasRepeatedKeys(text, value)) {
        return done(invalid("Expected each key once in an object but received one twice"));
      }
      done(error, value);
    });
  });
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** The texts of valid JSON; the colon follows those that are keys. */
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** @param value what the text was parsed to: of equal keys, escaped or not, it has one */
function hasRepeatedKeys(text: string, value: unknown): boolean {
  let keys = 0;
  for (const [, colon] of text.matchAll(TEXTS)) if (colon !== undefined) keys++;
  return keys !== countKeys(value);
}

function countKeys(value: unknown): number {
  let count = 0;
  // Not recursive: a body may be nested deeper than the stack.
  const open = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const parts = Object.values(next);
    if (!Array.isArray(next)) count += parts.length;
    for (const part of parts) if (typeof part === "object" && part !== null) open.push(part);
  }
  return count;
}

function invalid(message: string, cause?: unknown): LookalikeError {
  return new LookalikeError("ERR_OPTION_INVALID", message, {
    hint: "See /docs for the request schema.",
    cause,
  });
}
