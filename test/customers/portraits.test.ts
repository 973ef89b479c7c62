import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCustomers } from "../../src/customers/index.ts";
import { scratchFolder, write } from "./scratch.ts";

const folder = scratchFolder();

describe("paths of portraits", () => {
  it("resolve with backslashes, and what cannot be opened is named with its reason", async () => {
    mkdirSync(join(folder, "portraits"));
    write(folder, "portraits/a.jpg", "x");
    execFileSync("mkfifo", [join(folder, "portraits/pipe")]);
    const photos = [
      "portraits\\a.jpg",
      "portraits\\none.jpg",
      "C:\\Users\\me\\a.jpg",
      "portraits/pipe",
      "portraits",
    ];
    const rows = photos.map((photo, i) => `c${i},${photo}`).join("\n");
    const source = write(folder, "crm.csv", `customer_id,photo\n${rows}\n`);
    const reader = await readCustomers({ customers: { source }, now: new Date("2026-11-26") });
    const found: (string | null)[] = [];
    for await (const batch of reader) found.push(...batch.photos);
    expect(found[0]).toBe(join(folder, "portraits/a.jpg"));
    expect(reader.report.refused).toBe(0);
    const [warning] = reader.report.warnings;
    expect(warning).toMatchObject({ column: "photo", cells: 4 });
    for (const part of [
      'row 2, "portraits\\\\none.jpg", no such file',
      'row 3, "C:\\\\Users\\\\me\\\\a.jpg", a path of a Windows machine',
      'row 4, "portraits/pipe", not a regular file',
      'row 5, "portraits", not a regular file',
    ]) {
      expect(warning?.message).toContain(part);
    }
  });
});
