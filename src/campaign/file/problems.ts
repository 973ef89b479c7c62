import { z } from "zod";
import { expected, LookalikeError, nearestSpelling } from "../../core/index.ts";
import type { KeyPath, Place, YamlFile } from "../../io/yaml.ts";
import { campaignSchema } from "./schema.ts";

/** One problem of a campaign file. */
export interface Problem {
  readonly path: KeyPath;
  readonly message: string;
}

/** The schema's problems, as sentences with the key and what was expected. */
export function schemaProblems(value: unknown, issues: readonly z.core.$ZodIssue[]): Problem[] {
  return issues.flatMap((issue) => describeIssue(value, issue, []));
}

/** Most problems of a file that are listed; the others are counted. */
const MAX_NAMED = 50;

/** The one error for all problems of a file, in the order of its lines. */
export function campaignError(
  file: string,
  problems: readonly (Problem & Place)[],
  code: "ERR_CAMPAIGN_INVALID" | "ERR_CAMPAIGN_INPUT_MISSING" = "ERR_CAMPAIGN_INVALID",
): LookalikeError {
  const lines = problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, MAX_NAMED)
    .map(({ line, column, message }) => `  ${file}:${line}:${column}  ${message}`);
  if (problems.length > MAX_NAMED) lines.push(`  ... and ${problems.length - MAX_NAMED} more`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new LookalikeError(code, `Expected a valid campaign but found ${count}:`, {
    details: lines,
    hint:
      code === "ERR_CAMPAIGN_INVALID"
        ? "Correct these lines; docs/campaign.md describes every key."
        : "Paths are relative to the campaign file: correct them, or put the files there.",
  });
}

export function withPlaces(problems: readonly Problem[], file: YamlFile): (Problem & Place)[] {
  return problems.map((problem) => ({ ...problem, ...file.placeOf(problem.path) }));
}

/** The name of a key in messages, such as `offers[0].margin`. */
function keyName(path: KeyPath): string {
  if (path.length === 0) return "the campaign";
  return path
    .map((key, i) => (typeof key === "number" ? `[${key}]` : `${i ? "." : ""}${String(key)}`))
    .join("");
}

export function valueAt(value: unknown, path: KeyPath): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.hasOwn(current, key) ? (current as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return current;
}

function describeIssue(value: unknown, issue: z.core.$ZodIssue, prefix: KeyPath): Problem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(path, key, known) }));
  }
  if (issue.code === "invalid_union") {
    const branch = issue.errors.find(
      (errors) => !errors.some((error) => error.path.length === 0 && isTypeIssue(error)),
    );
    if (branch !== undefined) return branch.flatMap((nested) => describeIssue(value, nested, path));
  }
  const received = valueAt(value, path);
  // The content of another file, such as one with customers, is not quoted.
  if (path.length === 0 && typeof received === "string") {
    const text = `text of ${received.length.toLocaleString("en")} characters`;
    return [{ path, message: `Expected ${issue.message} for ${keyName(path)} but received ${text}` }];
  }
  if (received === undefined)
    return [{ path, message: `Expected ${keyName(path)}: ${issue.message}, but it is missing` }];
  return [
    { path, message: `${expected(issue.message, keyName(path), received)}${didYouMean(issue, received)}` },
  ];
}

function isTypeIssue(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_format";
}

function didYouMean(issue: z.core.$ZodIssue, received: unknown): string {
  if (issue.code !== "invalid_value" || typeof received !== "string") return "";
  return suggestion(received, issue.values.map(String));
}

export function suggestion(word: string, known: Iterable<string>): string {
  const nearest = nearestSpelling(word, known);
  return nearest === null ? "" : `. Did you mean ${nearest}?`;
}

function unknownKey(path: KeyPath, key: string, known: readonly string[]): string {
  const nearest = nearestSpelling(key, known);
  const name = keyName([...path, key]);
  return nearest === null
    ? `Expected a known key but received ${name}; known here: ${known.join(", ")}`
    : `Expected a known key but received ${name}. Did you mean ${nearest}?`;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys of the schema at a path. */
function knownKeys(path: KeyPath): string[] {
  let nodes: SchemaNode[] = [z.toJSONSchema(campaignSchema, { io: "input" }) as SchemaNode];
  for (const key of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .flatMap((node) => (typeof key === "number" ? node.items : node.properties?.[String(key)]) ?? []);
  }
  return nodes
    .flatMap((node) => [node, ...(node.anyOf ?? [])])
    .flatMap((node) => Object.keys(node.properties ?? {}));
}
