import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { readExperiment } from "../../src/customers/index.ts";
import { scratchFolder, write } from "./scratch.ts";

const folder = scratchFolder();

interface Row {
  readonly arm: string;
  readonly columns: Readonly<Record<string, string | number>>;
}

/** A log of about 1,200 rows: `of` draws the row of household `home`, whose arm by lot is `lot`. */
function logOf(name: string, of: (home: number, lot: string, random: () => number) => Row): string {
  const random = createRandom(12);
  const rows: Row[] = [];
  for (let home = 0; home < 400; home++) {
    const lot = random() < 0.5 ? "none" : "apple";
    for (let person = 0; person <= home % 5; person++) rows.push(of(home, lot, random));
  }
  const names = Object.keys(rows[0]?.columns ?? {});
  const lines = rows.map(({ arm, columns }) =>
    [arm, random() < 0.1 ? 1 : 0, ...names.map((column) => columns[column])].join(","),
  );
  return write(folder, name, `offer_id,converted,${names.join(",")}\n${lines.join("\n")}\n`);
}

const age = (random: () => number) => 18 + Math.floor(60 * random());

describe("customers who were assigned by household", () => {
  const together = logOf("homes.csv", (home, arm, random) => ({
    arm,
    columns: { household_id: `h${home}`, age: age(random) },
  }));

  it("are clusters without being asked for, with a warning", async () => {
    const found = await readExperiment(together);
    const named = await readExperiment(together, { mapping: { cluster: "household_id" } });
    expect(found.clusters).toEqual(named.clusters);
    expect(new Set(found.clusters).size).toBe(400);
    expect([...found.features.columns.keys()]).toEqual(["age"]);
    expect(found.report.warnings[0]).toMatchObject({ column: "household_id", cells: 400 });
  });

  it("are clusters by a number of the store too, and of two such columns the coarser counts", async () => {
    const random = createRandom(4);
    const arms = Array.from({ length: 60 }, () => (random() < 0.5 ? "none" : "apple"));
    const path = logOf("stores.csv", (home, _, draw) => ({
      arm: arms[home % 60] ?? "none",
      columns: { household: home, store: home % 60, age: age(draw) },
    }));
    const { clusters, report } = await readExperiment(path);
    expect(new Set(clusters).size).toBe(60);
    expect(report.warnings[0]?.column).toBe("store");
  });

  it("are clusters where the household is a column of the customers", async () => {
    const rows: string[] = [];
    const path = logOf("joined.csv", (home, arm) => {
      rows.push(`c${rows.length},h${home}`);
      return { arm, columns: { customer_id: `c${rows.length - 1}` } };
    });
    const crm = write(folder, "crm.csv", `customer_id,home\n${rows.join("\n")}\n`);
    const { clusters, report } = await readExperiment(path, { customers: { source: crm } });
    expect(new Set(clusters).size).toBe(400);
    expect(report.warnings.map(({ column }) => column)).toContain("home");
  });
});

describe("customers with several rows", () => {
  it("are not taken for the households of their own columns", async () => {
    const path = logOf("repeated.csv", (home, arm) => ({
      arm,
      columns: { customer_id: `c${home}`, tenure: home % 150, area: home / 7 },
    }));
    const { clusters, report } = await readExperiment(path);
    expect(new Set(clusters).size).toBe(400);
    expect(report.warnings.map(({ column }) => column)).toEqual(["customer_id"]);
  });
});

describe("no clusters are", () => {
  const none = async (path: string) => {
    const { clusters, features } = await readExperiment(path);
    expect(clusters).toBeNull();
    return [...features.columns.keys()];
  };

  it("households whose members were assigned one by one", async () => {
    const path = logOf("alone.csv", (home, _, random) => ({
      arm: random() < 0.5 ? "none" : "apple",
      columns: { household_id: `h${home}`, age: age(random) },
    }));
    expect(await none(path)).toEqual(["household_id", "age"]);
  });

  it("ages, where customers were selected by them", async () => {
    const path = logOf("limit.csv", (_, __, random) => {
      const own = age(random);
      return { arm: own >= 50 ? "apple" : "none", columns: { age: own } };
    });
    expect(await none(path)).toEqual(["age"]);
  });

  it("a few regions, whose own effect cannot be told from the offer's", async () => {
    const path = logOf("regions.csv", (home, _, random) => ({
      arm: home % 4 < 2 ? "apple" : "none",
      columns: { region: ["north", "south", "east", "west"][home % 4] ?? "", age: age(random) },
    }));
    expect(await none(path)).toEqual(["region", "age"]);
  });
});
