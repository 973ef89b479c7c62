import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OFFERS } from "../../../scripts/simulate/campaign.ts";
import { MANUFACTURERS, SWITCHING, switchingProbabilities } from "../../../scripts/simulate/switching.ts";
import { simulateTelco } from "../../../scripts/simulate/telco.ts";
import { writeTelco } from "../../../scripts/simulate/write.ts";
import { cell, type Table } from "../../../src/core/index.ts";
import { openCustomers } from "../../../src/customers/index.ts";
import { folderOfFile } from "../../temporary.ts";

const folder = folderOfFile();

const telco = simulateTelco({ customers: 1000, seed: 7, callsPerMonth: 4 });
const values = (table: Table, name: string) => {
  const column = table.columns.get(name);
  return Array.from({ length: table.rows }, (_, row) => (column === undefined ? null : cell(column, row)));
};

describe("simulateTelco", () => {
  it("holds the survey's retention: Apple .837, Samsung .662, Nokia .393 of 1,806 people", () => {
    expect(SWITCHING.flat().reduce((sum, count) => sum + count, 0)).toBe(1806);
    const retention = (name: (typeof MANUFACTURERS)[number]) => {
      const index = MANUFACTURERS.indexOf(name);
      return switchingProbabilities(index)[index]?.toFixed(3);
    };
    expect([retention("Apple"), retention("Samsung"), retention("Nokia")]).toEqual([
      "0.837",
      "0.662",
      "0.393",
    ]);
  });

  it("is the same for the same seed and another for another", () => {
    const again = simulateTelco({ customers: 1000, seed: 7, callsPerMonth: 4 });
    expect(values(again.experiment, "converted")).toEqual(values(telco.experiment, "converted"));
    expect(values(simulateTelco({ customers: 1000, seed: 8 }).crm, "age")).not.toEqual(
      values(telco.crm, "age"),
    );
  });

  it("draws the campaign from the truth, with people whom an offer drives away", () => {
    const arms = values(telco.experiment, "offer_id");
    const bought = values(telco.experiment, "converted").map(Number);
    const none = values(telco.truth, "probability_none").map(Number);
    for (const arm of ["none", ...OFFERS]) {
      const uplift = arm === "none" ? none.map(() => 0) : values(telco.truth, `uplift_${arm}`).map(Number);
      const rows = arms.flatMap((shown, i) => (shown === arm ? [i] : []));
      const expected = rows.reduce((sum, i) => sum + (none[i] ?? 0) + (uplift[i] ?? 0), 0);
      const deviation = Math.sqrt(rows.length * 0.25);
      expect(Math.abs(rows.reduce((sum, i) => sum + (bought[i] ?? 0), 0) - expected)).toBeLessThan(
        4 * deviation,
      );
      expect(rows.length).toBeGreaterThan(180);
      if (arm !== "none") expect(Math.min(...uplift)).toBeLessThan(0);
    }
  });

  it.each(["csv", "parquet"] as const)("is found again in its own logs, as %s", async (format) => {
    const paths = await writeTelco(telco, join(folder, format), format);
    const customers = await openCustomers({
      customers: { source: paths.crm },
      calls: { source: paths.calls },
      usage: { source: paths.usage },
      experiment: { source: paths.experiment },
    });
    expect(customers.logReport?.read).toBe(telco.calls.rows + telco.usage.rows);
    expect(customers.logReport?.refused).toBe(0);
    const transitions = await customers.transitions();
    // A swap next to a change, or a change in the middle of a month, may look like one handset more or less.
    expect(transitions.rows / telco.handsets.rows).toBeGreaterThan(0.95);
    expect(transitions.rows / telco.handsets.rows).toBeLessThan(1.1);
    expect(transitions.current.labels).toEqual([...MANUFACTURERS].toSorted());
    const truth = values(telco.crm, "current_manufacturer");
    const reader = await customers.read({ now: new Date("2026-11-21") });
    const found: unknown[] = [];
    for await (const batch of reader) found.push(...values(batch.table, "current_manufacturer"));
    expect(found.filter((maker, i) => maker === truth[i]).length / truth.length).toBeGreaterThan(0.97);
    const experiment = await customers.experiment();
    expect(experiment.rows).toBe(1000);
    expect(experiment.arms.labels).toEqual(["none", ...OFFERS]);
    expect(experiment.report.refused).toBe(0);
    await customers.close();
  });
});
