import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** Every promise of the documents names an existing test; contract suites are run by several test files. */
const ROOT = resolve(import.meta.dirname, "..");
const tests = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts") || name.endsWith("contract.ts"))
  .map((name) => readFileSync(join(ROOT, "test", name), "utf8"))
  .join("\n");

describe.each(["docs/privacy.md", "docs/security.md", "CONTRIBUTING.md"])("%s", (name) => {
  const text = readFileSync(join(ROOT, name), "utf8");

  it("names files that exist", () => {
    const paths = [...text.matchAll(/`((?:test|scripts|src)\/[\w./-]+)`/g)].map((match) => match[1] ?? "");
    expect(paths.length).toBeGreaterThan(5);
    expect(
      paths.filter(
        (path) =>
          !existsSync(join(ROOT, path)) &&
          !existsSync(join(ROOT, `${path}.test.ts`)) &&
          !existsSync(join(ROOT, `${path}.slow.test.ts`)),
      ),
    ).toEqual([]);
  });

  it("quotes tests that exist", () => {
    const rows = text.split("\n").filter((line) => /\.test\.ts/.test(line));
    const quoted = rows.flatMap((line) => [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? ""));
    expect(quoted.filter((title) => !tests.includes(title.replace(/ \.\.\.$/, "")))).toEqual([]);
  });
});
