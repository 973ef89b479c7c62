import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Column,
  categoryColumn,
  isLookalikeError,
  numberColumn,
  type Table,
} from "../../src/core/index.ts";
import { openPredicates } from "../../src/customers/predicates.ts";

const table: Table = {
  rows: 4,
  columns: new Map<string, Column>([
    ["age", numberColumn([20, 30, null, 50])],
    ["residence", categoryColumn(["Utrecht", "a'b", null, "x\0y"])],
    ['a"; DROP', numberColumn([1, 2, 3, 4])],
  ]),
};

async function evaluatePredicates(table: Table, predicates: readonly string[]): Promise<Uint8Array[]> {
  const compiled = await openPredicates(predicates, table.columns.keys());
  try {
    return await compiled.evaluate(table);
  } finally {
    await compiled.close();
  }
}

describe("conditions over a table", () => {
  it.each([
    ["age >= 30", "0101"],
    ["residence = 'Utrecht' OR AGE > 40", "1001"],
    ["residence IS NULL", "0010"],
    ["residence = 'a''b'", "0100"],
    ['"a""; DROP" > 2', "0011"],
    ["true", "1111"],
    ["age IN (20, 50) -- not; (these", "1001"],
    ["age BETWEEN 1 AND 25 AND residence LIKE 'U%'", "1000"],
    ["CASE WHEN age > 20 THEN true ELSE false END", "0101"],
    ["NOT (age > 30)", "1100"],
    ["coalesce(age, 0) = 0", "0010"],
  ])("%s", async (predicate, expected) => {
    expect((await evaluatePredicates(table, [predicate])).map((mask) => mask.join(""))).toEqual([expected]);
  });

  it.each([
    "age",
    "",
    "agee > 1",
    "residence > 3",
    "(SELECT 1) = 1",
    "1) FROM (SELECT 2",
    "true), (true",
    "true; DROP TABLE customers",
    "EXISTS (FROM read_csv('/etc/passwd'))",
    "age IN (FROM read_text('/etc/passwd'))",
    "getenv('HOME') = 'x'",
    "repeat('x', 1000000000) = 'y'",
    "main.lower(residence) = 'x'",
    "random() < 2",
    "sum(age) > 1",
    "row_number() OVER () > 1",
    "customers.age > 1",
    "age = ?",
    "* IS NULL",
    "/* open",
    "age > 1e400",
    "age > -1e309",
    "age BETWEEN 1 AND 9e999",
    "age > 1\0",
  ])("refuses %j", async (predicate) => {
    await expect(evaluatePredicates(table, [predicate])).rejects.toMatchObject({
      code: "ERR_PREDICATE_INVALID",
    });
  });

  it("names the nearest column before any row is seen", async () => {
    await expect(openPredicates(["residense = 'x'"], table.columns.keys())).rejects.toMatchObject({
      hint: 'Did you mean "residence"?',
    });
  });

  it("serves many tables", async () => {
    const predicates = await openPredicates(["x > 2", "x > 3"], ["x"]);
    for (const size of [0, 1, 5000]) {
      const values = Array.from({ length: size }, (_, i) => i % 6);
      const masks = await predicates.evaluate({
        rows: size,
        columns: new Map([["x", numberColumn(values)]]),
      });
      expect(masks.map((mask) => [...mask])).toEqual(
        [2, 3].map((least) => values.map((x) => (x > least ? 1 : 0))),
      );
    }
    await predicates.close();
  });

  it("answers any text with masks or a coded error", async () => {
    const word = fc.constantFrom(
      "age",
      "residence",
      "1",
      "'x'",
      "(",
      ")",
      "AND",
      "=",
      "SELECT",
      ";",
      "--",
      ",",
      "FROM",
      '"',
      "'",
      "/*",
      "::",
      "[",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (words) => {
        const outcome = await evaluatePredicates(table, [words.join(" ")]).catch((error: unknown) => error);
        const isCoded = isLookalikeError(outcome) && outcome.code === "ERR_PREDICATE_INVALID";
        expect(Array.isArray(outcome) || isCoded).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a condition that is evaluated again and again", () => {
  const rows = (ages: readonly (number | null)[], residences: readonly (string | null)[]): Table => ({
    rows: ages.length,
    columns: new Map<string, Column>([
      ["age", numberColumn(ages)],
      ["residence", categoryColumn(residences)],
    ]),
  });
  const conditions = ["age >= 30", "residence = '30' OR age IS NULL", "true"];

  it("answers what one evaluation of all rows answers", async () => {
    const compiled = await openPredicates(conditions, ["age", "residence"]);
    const cell = fc.tuple(
      fc.option(fc.constantFrom(-0, 0, 30, 29.5, 1e308)),
      fc.option(fc.constantFrom("30", "", "null", "x\0y")),
    );
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 12 }), async (cells) => {
          const table = rows(
            cells.map(([age]) => age),
            cells.map(([, residence]) => residence),
          );
          // One row more than is remembered: all are evaluated.
          const many = { length: Math.ceil(1001 / cells.length) };
          const whole = await compiled.evaluate(
            rows(
              Array.from(many, () => cells.map(([age]) => age)).flat(),
              Array.from(many, () => cells.map(([, residence]) => residence)).flat(),
            ),
          );
          const masks = await compiled.evaluate(table);
          expect(masks.map((mask) => [...mask])).toEqual(
            whole.map((mask) => [...mask.slice(0, cells.length)]),
          );
        }),
        { numRuns: 30 },
      );
    } finally {
      await compiled.close();
    }
  });

  it("rejects a value that a condition cannot take, each time", async () => {
    const compiled = await openPredicates(["CAST(residence AS INTEGER) > 3"], ["residence"]);
    try {
      for (const _ of [1, 2]) {
        await expect(compiled.evaluate(rows([1, 2], ["7", "Utrecht"]))).rejects.toMatchObject({
          code: "ERR_PREDICATE_INVALID",
        });
      }
      expect((await compiled.evaluate(rows([1, 2], ["7", "2"])))[0]?.join("")).toBe("10");
    } finally {
      await compiled.close();
    }
  });
});
