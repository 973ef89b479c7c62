import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** The rules of the tree: read every import in src/ and fail on an arrow that the design forbids. */

const SRC = resolve(import.meta.dirname, "../src");

/** Which stages a stage may import; anything at the top level of src/ but the library's door may be used by all. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  faces: [],
  gallery: ["faces"],
  customers: [],
  offers: ["customers"],
  ads: ["faces", "gallery", "offers"],
  campaign: ["faces", "gallery", "customers", "offers", "ads"],
  cli: ["faces", "gallery", "customers", "offers", "ads", "campaign"],
};

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

/** Shared by all stages as a shared file is, but for its inner files. */
const SHARED_FOLDERS = new Set(["duckdb", "image", "sqlite"]);

function stageOf(path: string): string | null {
  const [first, ...rest] = relative(SRC, path).split(sep);
  return rest.length > 0 ? (first as string) : null;
}

export function violation({ file, from }: Import): string | null {
  if (!from.startsWith(".")) return null;
  const stage = stageOf(file);
  const target = resolve(dirname(file), from);
  const targetStage = stageOf(target);
  const arrow = `${relative(SRC, file)} -> ${relative(SRC, target)}`;
  if (targetStage === null) {
    return stage !== null && stage !== "cli" && relative(SRC, target) === "index.ts"
      ? `${arrow}: a stage imports the library's door`
      : null;
  }
  if (stage === targetStage) return null;
  if (SHARED_FOLDERS.has(targetStage)) {
    return relative(join(SRC, targetStage), target) === "index.ts"
      ? null
      : `${arrow}: past the folder's door`;
  }
  const isShared = stage === null || SHARED_FOLDERS.has(stage);
  if (isShared && relative(SRC, file) !== "index.ts") return `${arrow}: a shared file imports a stage`;
  if (stage !== null && !ALLOWED[stage]?.includes(targetStage)) return `${arrow}: forbidden direction`;
  if (relative(join(SRC, targetStage), target) !== "index.ts") return `${arrow}: past the stage's door`;
  return null;
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
      const stage = stageOf(file);
      const adapter = stage !== null && SHARED_FOLDERS.has(stage) ? stage : relative(SRC, file);
      adaptersOf.set(library, (adaptersOf.get(library) ?? new Set()).add(adapter));
    }
    const shared = [...adaptersOf]
      .filter(([, adapters]) => adapters.size > 1)
      .map(([name, adapters]) => [name, ...adapters]);
    // commander's types belong to every command's file, and zod's schemas to every parser at the edge.
    expect(shared.filter(([name]) => name !== "commander" && name !== "zod")).toEqual([]);
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
    expect(violation({ file: at("faces/a.ts"), from: "../offers/index.ts" })).toMatch(/forbidden/);
    expect(violation({ file: at("customers/a.ts"), from: "../gallery/index.ts" })).toMatch(/forbidden/);
    expect(violation({ file: at("ads/a.ts"), from: "../gallery/store.ts" })).toMatch(/door/);
    expect(violation({ file: at("offers/a.ts"), from: "../cli/index.ts" })).toMatch(/forbidden/);
    expect(violation({ file: at("yaml.ts"), from: "./faces/index.ts" })).toMatch(/shared/);
    expect(violation({ file: at("image/a.ts"), from: "../faces/index.ts" })).toMatch(/shared/);
    expect(violation({ file: at("faces/a.ts"), from: "../image/photo.ts" })).toMatch(/door/);
    expect(violation({ file: at("faces/a.ts"), from: "../image/index.ts" })).toBeNull();
    expect(violation({ file: at("gallery/a.ts"), from: "../faces/index.ts" })).toBeNull();
    expect(findImports("x", 'import type { A } from "./a.ts";\nawait import("./b.ts");').length).toBe(2);
  });
});
