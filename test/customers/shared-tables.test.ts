import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { SHARED_TABLES } from "../../src/customers/shared-tables.ts";

const ROOM = join(import.meta.dirname, "../../src/customers");
const sources = new Map(
  readdirSync(ROOM, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path.split(sep).join("/"), readFileSync(join(ROOM, path), "utf8")]),
);

/** The tables that SQL of each file creates. */
function createdIn(source: string): string[] {
  const literal = /CREATE (?:OR REPLACE )?(?:TABLE|VIEW|\$\{storage\}) ([a-z_]+) AS/g;
  return [...source.matchAll(literal)].map((match) => match[1] ?? "");
}

/** The names after FROM and JOIN, some of which are names of subqueries. */
function readIn(source: string): Set<string> {
  return new Set([...source.matchAll(/\b(?:FROM|JOIN) ([a-z_]+)\b/g)].map((match) => match[1] ?? ""));
}

describe("the tables that files share", () => {
  const created = [...sources].flatMap(([file, source]) => createdIn(source).map((name) => ({ file, name })));

  it("are listed", () => {
    const isShared = (name: string, file: string) =>
      [...sources].some(([other, source]) => other !== file && readIn(source).has(name));
    const unlisted = created.filter(({ name, file }) => !(name in SHARED_TABLES) && isShared(name, file));
    expect(unlisted).toEqual([]);
  });

  it("are created by the files that the list names", () => {
    for (const [name, [createdBy]] of Object.entries(SHARED_TABLES)) {
      const files = created.filter((table) => table.name === name).map(({ file }) => file);
      for (const file of files) expect(createdBy.split(", "), name).toContain(file);
      for (const file of createdBy.split(", ")) expect([...sources.keys()], name).toContain(file);
    }
  });
});
