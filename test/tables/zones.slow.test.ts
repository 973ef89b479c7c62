import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { built } from "../built.ts";
import { scratchFolder, write, writeParquet } from "../customers/scratch.ts";

const folder = scratchFolder();
const run = promisify(execFile);

async function readUnder(TZ: string): Promise<string> {
  const script = join(import.meta.dirname, "read-times.mjs");
  const door = pathToFileURL(await built("customers/index.js")).href;
  const { stdout } = await run(process.execPath, [script, folder, door], { env: { ...process.env, TZ } });
  return stdout;
}

describe("times", () => {
  it("are the same instants under any zone of the machine, in every format", async () => {
    // Around 2026-11-26T12:00Z: ended an hour ago, ends in three hours, begins in three hours.
    const rows = [
      ["ended", "2026-01-01T00:00:00Z", "2026-11-26T11:00:00Z", "1970-01-11T00:00:00Z"],
      ["ends", "2026-01-01T00:00:00Z", "2026-11-26T15:00:00Z", "1970-01-01T12:00:00Z"],
      ["begins", "2026-11-26T15:00:00Z", "2027-01-01T00:00:00+09:00", "1970-01-01T09:00:00+09:00"],
    ] as const;
    const values = rows.map(
      ([id, ...times]) => `('${id}', ${times.map((time) => `'${time}'::TIMESTAMPTZ`)})`,
    );
    await writeParquet(
      `${folder}/customers.parquet`,
      `SELECT * FROM (VALUES ${values}) t(customer_id, consent_biometric, consent_expires, since)`,
    );
    const names = ["customer_id", "consent_biometric", "consent_expires", "since"];
    const objects = rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])));
    write(folder, "customers.json", JSON.stringify(objects));
    write(folder, "customers.csv", [names, ...rows].map((row) => row.join(",")).join("\n"));
    await writeParquet(
      `${folder}/calls.parquet`,
      `SELECT 'a' AS caller_id, 'b' AS callee_id, t::TIMESTAMPTZ AS started_at, 60 AS duration_s, m AS device_manufacturer
       FROM (VALUES ('2026-01-31T23:30:00Z', 'Apple'), ('2026-03-01T00:30:00Z', 'Nokia'), ('2026-04-02T00:30:00Z', 'Nokia')) v(t, m)`,
    );
    const [utc = "", tokyo, newYork] = await Promise.all(
      ["UTC", "Asia/Tokyo", "America/New_York"].map(readUnder),
    );
    expect(tokyo).toBe(utc);
    expect(newYork).toBe(utc);
    const statuses = (JSON.parse(utc) as unknown[][])
      .slice(0, 3)
      .map((read) => [read[0], (read[2] as { status: string }[]).map(({ status }) => status), read[3]]);
    const expected = ["expired", "given", "future"];
    expect(statuses).toEqual([
      ["customers.parquet", expected, [10, 0.5, 0]],
      ["customers.json", expected, [10, 0.5, 0]],
      ["customers.csv", expected, [10, 0.5, 0]],
    ]);
  }, 180_000);
});
