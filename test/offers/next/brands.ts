import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { categoryColumn, numberColumn } from "../../../src/core/index.ts";
import type { TransitionTable } from "../../../src/customers/index.ts";
import { table } from "../simulate.ts";

/** 3,292 real choices of crackers by 136 households, with prices and promotions (Jain et al. 1994, Ecdat). */
export const CRACKERS = resolve(import.meta.dirname, "../../../../shared/data/brands/cracker.csv");
/** Phone brand before and now of 1,806 Dutch respondents (Deloitte Netherlands 2014). */
export const DUTCH = resolve(import.meta.dirname, "../../../../shared/data/brands/switching_nl_2014.csv");

/**
 * Each choice after a household's first, in order: the brand before, prices and promotions at the time, and the share
 * of each brand among the household's earlier choices. `at` counts the household's choices.
 */
export function readCrackers(): TransitionTable {
  const [header = "", ...lines] = readFileSync(CRACKERS, "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  const records = lines.map((line) => {
    const values = line.split(",");
    return new Map(names.map((name, i) => [name, values[i] ?? ""]));
  });
  const brands = ["kleebler", "nabisco", "private", "sunshine"];
  const rows: { record: Map<string, string>; current: string; shares: number[]; at: number }[] = [];
  let household = "";
  let past: string[] = [];
  for (const record of records) {
    const id = record.get("id") ?? "";
    if (id !== household) past = [];
    household = id;
    const current = past.at(-1);
    const shares = brands.map((brand) => past.filter((choice) => choice === brand).length / past.length);
    if (current !== undefined) rows.push({ record, current, shares, at: past.length });
    past.push(record.get("choice") ?? "");
  }
  const codes = (brand: (row: (typeof rows)[number]) => string) => ({
    kind: "category" as const,
    labels: brands,
    codes: Int32Array.from(rows, (row) => brands.indexOf(brand(row))),
  });
  const offers = names.filter((name) => /^(?:disp|feat|price)\./.test(name));
  return {
    rows: rows.length,
    customerIds: rows.map(({ record }) => record.get("id") ?? ""),
    current: codes((row) => row.current),
    next: codes((row) => row.record.get("choice") ?? ""),
    since: new Float64Array(rows.length),
    at: Float64Array.from(rows, (row) => row.at),
    features: table({
      ...Object.fromEntries(
        offers.map((name) => [name, numberColumn(rows.map(({ record }) => Number(record.get(name))))]),
      ),
      ...Object.fromEntries(
        brands.map((brand, i) => [`past ${brand}`, numberColumn(rows.map(({ shares }) => shares[i]))]),
      ),
      household: categoryColumn(rows.map(() => "one of 136")),
    }),
  };
}
