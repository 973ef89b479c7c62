import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** The rules of the tree: read every import in src/ and fail on an arrow that the design forbids. */

const SRC = resolve(import.meta.dirname, "../src");

/** The rooms from the bottom up: a room imports those before it, never those after it. */
const ROOMS = [
  "core",
  "io",
  "tables",
  "trust",
  "statistics",
  "reports",
  "faces",
  "learning",
  "customers",
  "gallery",
  "offers",
  "ads",
  "handover",
  "experiments",
  "campaign",
  "service",
  "cluster",
  "cli",
] as const;

/** The library's doors: they may import every room but the command line. */
const DOORS = new Set(["index.ts", "entries"]);

interface Import {
  readonly file: string;
  readonly from: string;
}

export function findImports(file: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const pattern =
    /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire(?:\.resolve)?\(\s*)["']([^"'\n]+)["']/g;
  return [...code.matchAll(pattern)].map((match) => ({ file, from: match[1] as string }));
}

/** Path below src/, by its parts. */
function partsOf(path: string): string[] {
  return relative(SRC, path).split(sep);
}

/** `io` has a door for each adapter (a folder's `index.ts`, or the one file), so that nobody loads all of them. */
function isDoor([room, ...rest]: readonly string[]): boolean {
  if (room !== "io") return rest.length === 1 && rest[0] === "index.ts";
  return rest.length === 1 || (rest.length === 2 && rest[1] === "index.ts");
}

export function violation({ file, from }: Import): string | null {
  if (!from.startsWith(".")) return null;
  const target = resolve(dirname(file), from);
  const [own, others] = [partsOf(file), partsOf(target)];
  const [room, targetRoom] = [own[0] as string, others[0] as string];
  const arrow = `${own.join("/")} -> ${others.join("/")}`;
  if (room === targetRoom) return null;
  if (DOORS.has(targetRoom)) return `${arrow}: a room imports the library's door`;
  const [rank, targetRank] = [ROOMS.indexOf(room as never), ROOMS.indexOf(targetRoom as never)];
  if (targetRank < 0 || (rank < 0 && !DOORS.has(room))) return `${arrow}: not a room`;
  if (rank >= 0 && rank < targetRank) return `${arrow}: upwards`;
  if (targetRoom === "cli") return `${arrow}: nothing imports the command line`;
  return isDoor(others) ? null : `${arrow}: past the room's door`;
}

/** The one place that may import a library: a file, or a folder of `io`. */
function adapterOf(file: string): string {
  const parts = partsOf(file);
  return parts[0] === "io" && parts.length > 2 ? parts.slice(0, 2).join("/") : parts.join("/");
}

const imports = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(SRC, name))
  .flatMap((file) => findImports(file, readFileSync(file, "utf8")));

describe("the tree", () => {
  it("has no import that the design forbids", () => {
    expect(imports.length).toBeGreaterThan(20);
    expect(imports.map(violation).filter(Boolean)).toEqual([]);
  });

  it("imports each external library from one file, or from one shared folder", () => {
    const adaptersOf = new Map<string, Set<string>>();
    for (const { file, from } of imports) {
      if (from.startsWith(".") || from.startsWith("node:")) continue;
      const library = from
        .split("/")
        .slice(0, from.startsWith("@") ? 2 : 1)
        .join("/");
      const adapter = adapterOf(file);
      adaptersOf.set(library, (adaptersOf.get(library) ?? new Set()).add(adapter));
    }
    const shared = [...adaptersOf]
      .filter(([, adapters]) => adapters.size > 1)
      .map(([name, adapters]) => [name, ...adapters]);
    // commander's types belong to every command's file, and zod's schemas to every parser at the edge.
    expect(shared.filter(([name]) => name !== "commander" && name !== "zod")).toEqual([]);
  });

  it("compiles where an optional package is missing", () => {
    const manifest = JSON.parse(readFileSync(resolve(SRC, "../package.json"), "utf8"));
    const declarations = readdirSync(SRC, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".d.ts"))
      .map((name) => readFileSync(join(SRC, name), "utf8"));
    const uses = imports.filter(({ from }) => from in manifest.optionalDependencies);
    expect(uses.map(({ from }) => from)).toContain("hnswlib-node");
    const untyped = uses.filter(({ file, from }) => {
      const isDeclared = declarations.some((text) => text.includes(`declare module "${from}"`));
      return !isDeclared && !readFileSync(file, "utf8").includes("// @ts-expect-error It has no types");
    });
    expect(untyped).toEqual([]);
  });

  it("has no circles: what a file needs never needs the file", () => {
    const needs = new Map<string, string[]>();
    for (const { file, from } of imports) {
      if (from.startsWith(".")) needs.set(file, [...(needs.get(file) ?? []), resolve(dirname(file), from)]);
    }
    const settled = new Set<string>();
    const findCircle = (file: string, path: readonly string[]): readonly string[] | null => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (settled.has(file)) return null;
      for (const next of needs.get(file) ?? []) {
        const circle = findCircle(next, [...path, file]);
        if (circle !== null) return circle;
      }
      settled.add(file);
      return null;
    };
    for (const file of needs.keys()) {
      expect(findCircle(file, [])?.map((path) => relative(SRC, path)) ?? null).toBeNull();
    }
  });

  it("would notice a forbidden arrow", () => {
    const at = (path: string) => join(SRC, path);
    const judge = (file: string, from: string) => violation({ file: at(file), from });
    expect(judge("faces/a.ts", "../offers/index.ts")).toMatch(/upwards/);
    expect(judge("trust/a.ts", "../customers/index.ts")).toMatch(/upwards/);
    expect(judge("io/image/a.ts", "../../faces/index.ts")).toMatch(/upwards/);
    expect(judge("ads/a.ts", "../gallery/store.ts")).toMatch(/door/);
    expect(judge("faces/a.ts", "../io/image/photo.ts")).toMatch(/door/);
    expect(judge("index.ts", "./cli/index.ts")).toMatch(/command line/);
    expect(judge("offers/a.ts", "../index.ts")).toMatch(/library's door/);
    expect(judge("offers/a.ts", "../entries/faces.ts")).toMatch(/library's door/);
    expect(judge("shop/a.ts", "../core/index.ts")).toMatch(/not a room/);
    expect(judge("faces/a.ts", "../io/image/index.ts")).toBeNull();
    expect(judge("faces/a.ts", "../io/files.ts")).toBeNull();
    expect(judge("gallery/a.ts", "../faces/index.ts")).toBeNull();
    expect(judge("entries/faces.ts", "../faces/index.ts")).toBeNull();
    expect(findImports("x", 'import type { A } from "./a.ts";\nawait import("./b.ts");').length).toBe(2);
  });
});
