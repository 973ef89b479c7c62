import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longLines } from "../../scripts/chaos/lines.ts";
import { mutatedTables, tryTable } from "../../scripts/chaos/tables.ts";
import { createRandom } from "../../src/core/index.ts";
import { readCustomers } from "../../src/customers/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { openConsents } from "../../src/trust/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto } from "../gallery/fixtures.ts";
import { folderOfFile } from "../temporary.ts";
import { outcomeOf, runs, text } from "./hostile.ts";

const folder = folderOfFile();

describe("tables", () => {
  const cell = fc.oneof(
    text,
    fc.constantFrom(
      "=HYPERLINK(1)",
      "'); DROP TABLE crm; --",
      "../../../etc/passwd",
      "/etc/passwd",
      "portraits/\0.jpg",
      "link/passwd",
      "{{7*7}}",
      "x".repeat(70_000),
      "1e400",
    ),
  );
  const table = fc
    .array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 })
    .map((rows) =>
      rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\n"),
    );

  it("of customers yield rows or coded refusals, and no photo outside of their folder", async () => {
    symlinkSync("/etc", join(folder, "link"));
    const file = join(folder, "customers.csv");
    await fc.assert(
      fc.asyncProperty(table, text, async (rows, raw) => {
        for (const body of [rows, raw]) {
          writeFileSync(file, `customer_id,photo,consent_biometric,"; DROP TABLE crm"\n${body}\n`);
          const outcome = await outcomeOf(async () => {
            const reader = await readCustomers({ customers: { source: file }, now: new Date() });
            for await (const { photos } of reader) {
              for (const photo of photos) expect(photo === null || photo.startsWith(folder)).toBe(true);
            }
          });
          expect(outcome).toMatch(/^(result|ERR_\w+)$/);
        }
      }),
      runs(12),
    );
  });

  it("of consents change nothing but what they say", async () => {
    const consents = await openConsents(join(folder, "consents.db"));
    const file = join(folder, "consents.csv");
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        writeFileSync(file, `customer_id,purpose,given_at,method\n${rows}\n`);
        const outcome = await outcomeOf(() => consents.import(file, { at: new Date() }));
        expect(outcome).toMatch(/^(result|ERR_\w+)$/);
      }),
      runs(12),
    );
    expect(consents.stats().records).toBe(0);
    consents.close();
  });

  it("of labels are refused as a whole or row by row, and never publish a photo", async () => {
    const photos = join(folder, "photos");
    await writePhoto(join(photos, "a.png"), blocks(1));
    const gallery = await openGallery(join(folder, "gallery"));
    const labels = join(folder, "photos.csv");
    await fc.assert(
      fc.asyncProperty(cell, cell, async (expires, territories) => {
        const quoted = [expires, territories].map((value) => `"${value.replaceAll('"', '""')}"`).join(",");
        writeFileSync(labels, `photo,release_expires,territories\na.png,${quoted}\n`);
        const outcome = await outcomeOf(() => gallery.index([photos], createFakeEngine(), { labels }));
        expect(outcome).toMatch(/^(result|ERR_LABELS_INVALID)$/);
      }),
      runs(40),
    );
    await gallery.close();
  });

  it("of every kind, in Parquet, JSON and CSV, broken in every way, are read or refused with a code", async () => {
    const outcomes = new Set<string>();
    for await (const hostile of mutatedTables(createRandom(5), 60, folder)) {
      outcomes.add(await tryTable(hostile, folder));
    }
    expect([...outcomes].filter((name) => !/^(read|ERR_(SOURCE|COLUMN|DATABASE)_\w+)$/.test(name))).toEqual(
      [],
    );
    expect(outcomes.has("read") && outcomes.has("ERR_SOURCE_UNREADABLE")).toBe(true);
  });

  it("with a line of megabytes lose that line, and hold no more memory for it", async () => {
    for await (const { name, outcome, refused, growthMb } of longLines(folder, 6)) {
      const ofHeader = name.startsWith("the header");
      const kept = name.startsWith("a line") ? "2 rows" : "1 rows";
      expect(outcome, name).toBe(ofHeader ? "ERR_SOURCE_UNREADABLE" : kept);
      expect(refused, name).toEqual(ofHeader ? {} : { ERR_ROW_MALFORMED: 1 });
      expect(growthMb, name).toBeLessThan(600);
    }
  });

  it("with a line that is longer than any buffer are refused as a whole, at once", async () => {
    for await (const { name, outcome, growthMb } of longLines(folder, 34)) {
      expect(outcome, name).toBe("ERR_SOURCE_UNREADABLE");
      expect(growthMb, name).toBeLessThan(600);
    }
  });

  it("are spoken of in messages without what stands in them", async () => {
    const messages: string[] = [];
    for await (const hostile of mutatedTables(createRandom(1), 60, folder)) {
      const path = join(folder, `told.${hostile.ending}`);
      writeFileSync(path, hostile.bytes);
      const read = readCustomers({ customers: { source: path, ids: "row-number" }, now: new Date() });
      await read
        .then(async (reader) => {
          for await (const _ of reader);
        })
        .catch((error: unknown) => messages.push(String(error)));
    }
    expect(messages.length).toBeGreaterThan(20);
    expect(messages.filter((message) => /portraits\/\d|c-\d\d/.test(message))).toEqual([]);
  });
});
