import { isMap, isNode, Lexer, LineCounter, type Node, type Pair, Parser, parseDocument } from "yaml";
import { reason } from "./files.ts";

/**
 * The adapter of the YAML library: converts text to a plain value and finds the position of each key in the
 * text.
 */

export type KeyPath = readonly PropertyKey[];

/** Line and column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface YamlProblem extends Place {
  readonly message: string;
}

export interface YamlFile {
  /** Null if the text is not YAML; `problems` then says why. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** The position of a key, or of the nearest enclosing one. */
  placeOf(path: KeyPath): Place;
}

/**
 * Our files are written by hand: more text or more repeated anchors than these limits is an accident or an
 * attack.
 */
const MAX_CHARACTERS = 1_000_000;
const MAX_ALIASES = 100;
const MAX_DEPTH = 50;
const MAX_ENTRIES = 5000;

export function readYaml(text: string): YamlFile {
  if (text.length > MAX_CHARACTERS) {
    const message = `at most ${MAX_CHARACTERS} characters but the file has ${text.length}`;
    return {
      value: null,
      problems: [{ line: 1, column: 1, message }],
      placeOf: () => ({ line: 1, column: 1 }),
    };
  }
  const excess = findExcess(text);
  if (excess !== null) return { value: null, problems: [excess], placeOf: () => ({ line: 1, column: 1 }) };
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const problems = document.errors.map((error) => ({ ...placeAt(error.pos[0]), message: error.message }));
  let value: unknown = null;
  try {
    if (problems.length === 0) value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    problems.push({ line: 1, column: 1, message: reason(error) });
  }
  return { value, problems, placeOf: (path) => placeAt(offsetOf(document.contents, path)) };
}

function offsetOf(root: Node | null, path: KeyPath): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    const pair: Pair | undefined = isMap(node)
      ? node.items.find((item) => isNode(item.key) && String(item.key) === String(key))
      : undefined;
    if (pair !== undefined && isNode(pair.key)) {
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
      continue;
    }
    const item: unknown = hasItems(node) ? node.items[Number(key)] : undefined;
    if (!isNode(item)) break;
    offset = item.range?.[0] ?? offset;
    node = item;
  }
  return offset;
}

function hasItems(node: unknown): node is { readonly items: readonly unknown[] } {
  return isNode(node) && "items" in node && Array.isArray(node.items) && !isMap(node);
}

/**
 * Finds where a text is nested deeper, or has more entries in one place, than any of our files. The parser's
 * first stage keeps its own stack; the later stages are recursive and compare every key with all its
 * siblings.
 */
function findExcess(text: string): YamlProblem | null {
  let lineStart = 0;
  let line = 1;
  const parser = new Parser((offset) => {
    if (offset > lineStart) line++;
    lineStart = offset;
  });
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    const place = { line, column: Math.max(1, parser.offset - lineStart) };
    if (parser.stack.length > MAX_DEPTH) return { ...place, message: `at most ${MAX_DEPTH} levels` };
    const top = parser.stack.at(-1);
    if (top !== undefined && "items" in top && (top.items?.length ?? 0) > MAX_ENTRIES)
      return { ...place, message: `at most ${MAX_ENTRIES} entries in one place` };
  }
  return null;
}
