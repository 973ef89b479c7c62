import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type PublicName, publicNames, ROOT } from "./exports.ts";

/** `npm run docs:api`: the reference of every public name, from the docstrings, into `docs/api/`. */

const LABELS: Readonly<Record<string, string>> = {
  returns: "Returns",
  throws: "Throws",
  see: "See",
  example: "Example",
};

function section({ name, kind, signature, text, tags }: PublicName): string {
  const parameters = tags
    .filter((tag) => tag.name === "param")
    .map((tag) => `- \`${tag.text.replace(/ /, "`: ")}`);
  const others = tags
    .filter((tag) => tag.name in LABELS)
    .map((tag) => (tag.name === "example" ? example(tag.text) : `${LABELS[tag.name]}: ${tag.text}`));
  const parts = [`### ${name}`, text || `A ${kind}.`, parameters.join("\n"), ...others, code(signature)];
  return parts.filter((part) => part !== "").join("\n\n");
}

function code(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``;
}

function example(text: string): string {
  return text.includes("```") ? text : code(text);
}

function page(entry: string, names: readonly PublicName[]): string {
  const from = `lookalike-ads${entry.slice(1)}`;
  const verbs = names.filter(({ kind }) => kind !== "type");
  const types = names.filter(({ kind }) => kind === "type");
  return [
    `# ${from}`,
    "Generated from the docstrings by `npm run docs:api`; change those.",
    "## Functions, classes and values",
    ...verbs.map(section),
    "## Types",
    ...types.map(section),
    "",
  ].join("\n\n");
}

const folder = join(ROOT, "docs/api");
mkdirSync(folder, { recursive: true });
for (const [entry, names] of publicNames()) {
  const file = entry === "." ? "index.md" : `${entry.slice(2)}.md`;
  writeFileSync(join(folder, file), page(entry, names).replace(/\n{3,}/g, "\n\n"));
  process.stdout.write(`${file}: ${names.length} names\n`);
}
