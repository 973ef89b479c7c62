import { describe, expect, it } from "vitest";
import { readExperiment } from "../../src/customers/index.ts";
import { failure, scratchFolder, write } from "./scratch.ts";

const folder = scratchFolder();

function log(arms: readonly string[], outcome = (i: number) => String(i % 2)): string {
  const rows = Array.from({ length: 24 }, (_, i) => `c${i},${arms[i % arms.length]},${outcome(i)},${i}`);
  return write(folder, "log.csv", `customer_id,offer_id,converted,age\n${rows.join("\n")}\n`);
}

describe("arms of an experiment", () => {
  it("that differ in case or blanks alone are one, with a warning", async () => {
    const { arms, report } = await readExperiment(
      log(["none", "NONE", "alpha", "\u00a0alpha ", "Alpha", "alpha"]),
    );
    expect(arms.labels).toEqual(["none", "alpha"]);
    expect(report.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('"Alpha" beside "alpha"'),
      expect.stringContaining('"NONE" beside "none"'),
    ]);
    expect(report.refused).toBe(0);
  });

  it("that were both asked for stay two", async () => {
    const offers = new Map([
      ["A", "big"],
      ["a", "small"],
    ]);
    const { arms } = await readExperiment(log(["none", "A", "a"]), { offers });
    expect(arms.labels.toSorted()).toEqual(["big", "none", "small"]);
  });

  it("that are empty for the control are asked for, with the number of rows", async () => {
    const error = await failure(readExperiment(log(["", "alpha", "alpha"])));
    expect(error.code).toBe("ERR_ARM_EMPTY");
    expect(error.hint).toBe(
      "8 rows have no treatment: if these customers were shown nothing, write the name of the control there.",
    );
    const named = await failure(readExperiment(log(["control", "alpha"])));
    expect(named.hint).toBe("Use the log's name of the control.");
  });

  it("of rows that are all refused are named by the first reason", async () => {
    const error = await failure(readExperiment(log(["none", "alpha"], () => "N/A")));
    expect(error).toMatchObject({
      code: "ERR_EXPERIMENT_EMPTY",
      message: expect.stringContaining("24, all of them rejected"),
    });
    expect(error.hint).toContain("row 1 of");
  });
});

describe("a glob", () => {
  it("that no row names are reported as such", async () => {
    const log = write(folder, "blank.csv", "customer_id,offer_id,converted\na,,1\nb, ,0\n");
    const error = await failure(readExperiment(log));
    expect([error.code, error.message]).toEqual([
      "ERR_ARM_EMPTY",
      expect.stringContaining("no row with a treatment"),
    ]);
  });

  it("is not narrowed by the names of the folders above it", async () => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(`${folder}/_work/.x`, { recursive: true });
    write(`${folder}/_work/.x`, "a.csv", "customer_id,offer_id,converted,age\na,none,0,1\nb,x,1,2\n");
    write(`${folder}/_work/.x`, "_hidden.csv", "nonsense\n");
    const { rows } = await readExperiment(`${folder}/_work/.x/*.csv`);
    expect(rows).toBe(2);
  });
});
