import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

/** `npm ci` refuses a lockfile that lacks some platform's optional packages, though the machine never needs them. */
it("the lockfile has every optional package of every platform", () => {
  const text = readFileSync(resolve(import.meta.dirname, "../package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const names = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
  const missing = Object.values(packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !names.has(name));
  expect(names.size).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});
