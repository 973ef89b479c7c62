import type { LookalikeError } from "../../../core/index.ts";

/** An opening tag; the file's nesting is checked and then given by the tags' order. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly line: number;
}

const TOKEN = /<!--[\s\S]*?-->|<(\/?)([a-z]+)((?:\s+[a-z-]+(?:\s*=\s*"[^"<>]*")?)*)\s*(\/?)>|\s+|[\s\S]/g;
const ATTRIBUTE = /([a-z-]+)(?:\s*=\s*"([^"]*)")?/g;

/** Reads a file of tags without text; an attribute without a value is `true`. */
export function readTags(text: string, refuse: (line: number, what: string) => LookalikeError): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  let line = 1;
  for (const [token, closing, name, attributes = "", alone] of text.matchAll(TOKEN)) {
    if (name === undefined) {
      if (!/^\s/.test(token) && !token.startsWith("<!--"))
        throw refuse(line, `expected a tag but received ${token}`);
    } else if (closing) {
      const last = open.pop();
      if (last !== name) throw refuse(line, `expected </${last ?? "nothing"}> but received </${name}>`);
    } else {
      const pairs = [...attributes.matchAll(ATTRIBUTE)].map(
        ([, key = "", value = "true"]) => [key, value] as const,
      );
      tags.push({ name, attributes: new Map(pairs), line });
      if (!alone) open.push(name);
    }
    line += token.split("\n").length - 1;
  }
  if (open.length > 0) throw refuse(line, `expected </${open.at(-1)}> before the end`);
  return tags;
}
