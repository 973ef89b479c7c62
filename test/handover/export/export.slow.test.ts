import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Column,
  type CustomerAd,
  type Decision,
  EXPORT_FORMATS,
  EXPORT_TOOLS,
  type ExportFormat,
  type ExportOptions,
  exportAds,
  type ManifestOffer,
  type PublicAd,
} from "../../../src/handover/index.ts";
import { openDatabase, quoteFile } from "../../../src/io/duckdb/index.ts";
import { CHANNEL_IDS, heldOut, manifest, OFFERS, shown, writeRun } from "../../ads/run.ts";

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-export-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

const BASE = "https://cdn.example.com/spring/";
const run = manifest(CHANNEL_IDS);
const [APPLE, SAMSUNG] = OFFERS as readonly [ManifestOffer, ManifestOffer];

function decisions(ids = ["c-0001", "c-0002", "c-0003", "c-0004"]): Decision[] {
  const [a = "", b = "", c = "", d = ""] = ids;
  return [shown(a, APPLE, run), shown(b, SAMSUNG, run, "window.jpg"), heldOut(c), shown(d, APPLE, run)];
}

async function exportOf(format: ExportFormat, options: Partial<ExportOptions> = {}) {
  return exportAds({ out, format, baseUrl: BASE, ...options });
}

function rowsOf(file: string): Record<string, string>[] {
  return parse(readFileSync(join(out, "exports", file), "utf8"), { columns: true, record_delimiter: "\r\n" });
}

/** An offer with other words. */
function reworded(copy: Partial<ManifestOffer["copy"]>, rest: Partial<ManifestOffer> = {}): ManifestOffer {
  return { ...APPLE, ...rest, copy: { ...APPLE.copy, ...copy } };
}

async function runOf(offer: ManifestOffer, ids = ["c-0001", "c-0002"]): Promise<void> {
  await writeRun(
    out,
    { ...run, offers: [offer] },
    ids.map((id) => shown(id, offer, run)),
  );
}

describe("customers who may no longer be used", () => {
  it("stay out of every export, and are counted", async () => {
    await writeRun(out, run, [
      ...decisions(),
      shown("c-0005", SAMSUNG, run, "window.jpg"),
      shown("c-0006", SAMSUNG, run, "beach.jpg"),
    ]);
    const ended = new Map([
      ["c-0001", "erased"],
      ["c-0002", "withdrawn"],
      // Their faces had no part in it.
      ["c-0003", "withdrawn"],
      ["c-0004", "expired"],
      ["c-0006", "missing"],
    ] as const);
    const asked: string[] = [];
    const stopped = (ids: readonly string[]) => {
      asked.push(...ids);
      return ended;
    };
    const report = await exportOf("csv", { stopped });
    expect(report.withheld).toEqual({ erased: 1, consentEnded: 2 });
    expect(asked).toHaveLength(6);
    const ids = ["c-0003", "c-0004", "c-0005"];
    expect(rowsOf("customers.csv").map((row) => row.customer_id)).toEqual(ids);
    expect((await exportOf("braze", { stopped })).rows).toBe(2);
    const feed = await exportOf("meta-catalogue", { stopped });
    expect(feed).toMatchObject({ rows: 2, withheld: { erased: 1, consentEnded: 2 } });
  });

  it("are asked for again where the run asked the registry, or nothing is written", async () => {
    const consents = { file: "/somewhere/consents.db", crmConsent: "accept" } as const;
    await writeRun(out, { ...run, consents }, decisions());
    await expect(exportOf("csv")).rejects.toMatchObject({ code: "ERR_CONSENTS_REQUIRED" });
    expect(existsSync(join(out, "exports"))).toBe(false);
    expect((await exportOf("csv", { stopped: () => new Map() })).withheld).toEqual({
      erased: 0,
      consentEnded: 0,
    });
  });
});

describe("generic exports", () => {
  it("writes a row per customer, those who are shown nothing too, in every format alike", async () => {
    await writeRun(out, run, decisions());
    const report = await exportOf("csv", { utm: { source: "own", content: "{offer}" } });
    expect(report).toMatchObject({ rows: 4, leftOut: { shownNothing: 0, withoutAddress: 0 }, warnings: [] });
    const rows = rowsOf("customers.csv");
    expect(rows.map((row) => row.customer_id)).toEqual(["c-0001", "c-0002", "c-0003", "c-0004"]);
    expect(rows[1]).toMatchObject({
      offer_id: "samsung",
      basis: "uplift",
      uplift: "0.1",
      photo_basis: "lookalike",
      headline: "Galaxy, watch and buds",
      alt: "Galaxy, watch and buds. All three from 29 EUR a month.",
      link: "https://lumo.example/samsung?utm_source=own&utm_content=samsung",
    });
    expect(rows[1]?.image_email_hero).toMatch(
      /^https:\/\/cdn\.example\.com\/spring\/creatives\/email-hero\/\w+\.jpg$/,
    );
    expect(rows[2]).toMatchObject({ offer_id: "none", basis: "holdout", ad_id: "", link: "" });
    expect(rows[0]?.ad_id).toBe(rows[3]?.ad_id);
    expect(rows[0]?.ad_id).not.toBe(rows[1]?.ad_id);

    await exportOf("jsonl", { utm: { source: "own", content: "{offer}" } });
    const lines = readFileSync(join(out, "exports/customers.jsonl"), "utf8").trim().split("\n");
    const asText = lines.map((line) =>
      Object.fromEntries(Object.entries(JSON.parse(line)).map(([key, value]) => [key, String(value ?? "")])),
    );
    expect(asText).toEqual(rows);

    await exportOf("parquet", { utm: { source: "own", content: "{offer}" } });
    const path = join(out, "exports/customers.parquet");
    const database = await openDatabase({ files: [path] });
    const parquet = await database.all(`SELECT * FROM read_parquet(${quoteFile(path)})`);
    await database.close();
    expect(
      parquet.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value ?? "")])),
      ),
    ).toEqual(rows);
    expect(parquet[1]?.uplift).toBe(0.1);
    expect(readdirSync(join(out, "exports")).sort()).toEqual([
      "customers.csv",
      "customers.jsonl",
      "customers.parquet",
    ]);
  });

  it.skipIf(process.platform === "win32")("keeps what names customers to its owner", async () => {
    await writeRun(out, run, decisions());
    const modes: string[] = [];
    for (const format of ["csv", "parquet", "braze", "meta-catalogue"] as const) {
      const { files } = await exportOf(format);
      modes.push((statSync(files[0]?.path ?? "").mode & 0o777).toString(8));
    }
    expect(modes).toEqual(["600", "600", "600", "644"]);
  });

  it("hands over nothing about faces but whether the photo is a look-alike", async () => {
    await writeRun(out, run, decisions());
    await exportOf("csv");
    const text = readFileSync(join(out, "exports/customers.csv"), "utf8");
    expect(text).not.toMatch(/distance|no_consent|nearest|0\.5|somewhere/);
  });

  it("marks words that a spreadsheet would run, and refuses identifiers that it would", async () => {
    await runOf(reworded({ headline: "=HYPERLINK(1)", body: "-20% today" }));
    await exportOf("csv");
    expect(rowsOf("customers.csv")[0]).toMatchObject({ headline: "'=HYPERLINK(1)", body: "'-20% today" });
    await runOf(APPLE, ["=cmd", "+31612345678"]);
    await expect(exportOf("csv")).rejects.toMatchObject({
      code: "ERR_EXPORT_INVALID",
      message: expect.stringMatching(/1 problem:\n {2}row 1, column customer_id/),
    });
  });
});

describe("mail tools", () => {
  it("gives Mailchimp short merge tags, addresses from the contacts, and a message that reads them", async () => {
    await writeRun(out, run, decisions());
    const contacts = join(out, "contacts.csv");
    await writeFile(contacts, "nr,mail\nc-0001,ann@x.example\nc-0002,bo@x.example\nc-0003,cy@x.example\n");
    const report = await exportOf("mailchimp", {
      contacts: { path: contacts, idColumn: "nr", emailColumn: "mail" },
    });
    expect(report.leftOut).toEqual({ shownNothing: 1, withoutAddress: 1 });
    const rows = rowsOf("mailchimp.csv");
    expect(rows.map((row) => row["Email Address"])).toEqual(["ann@x.example", "bo@x.example"]);
    expect(rows[0]).toMatchObject({ LL_OFFER: "apple", LL_HEAD: "Your next iPhone is on us" });
    expect(rows[0]?.LL_IMAGE).toContain("/creatives/email-hero/");
    for (const name of Object.keys(rows[0] ?? {}).slice(1)) expect(name).toMatch(/^[A-Z0-9_]{1,10}$/);
    const html = readFileSync(join(out, "exports/mailchimp-email.html"), "utf8");
    expect(html).toContain('<img src="*|LL_IMAGE|*" width="600" height="400" alt="*|LL_ALT|*"');
    expect(html).toContain("*|UNSUB|*");
    expect(readFileSync(join(out, "exports/mailchimp-email.txt"), "utf8")).toContain("*|LL_LINK|*");
    expect(JSON.stringify(readdirSync(join(out, "exports")))).not.toContain("tmp");
  });

  it("warns of an address that several customers share", async () => {
    await writeRun(out, run, decisions());
    const contacts = join(out, "contacts.csv");
    await writeFile(contacts, "customer_id,email\nc-0001,ann@x.example\nc-0002,Ann@x.example\n");
    const { warnings } = await exportOf("klaviyo", { contacts: { path: contacts } });
    expect(warnings).toEqual([expect.stringContaining("1 addresses belong to several")]);
    await writeFile(
      contacts,
      'customer_id,email\nc-0001,ann@x.example\nc-0002,bo@x.example\nc-0001,old@x.example\nc-0003,"cy@x\nc-0004,d@x.example,x\n',
    );
    const report = await exportOf("klaviyo", { contacts: { path: contacts } });
    expect(report.warnings).toEqual([expect.stringContaining("1 customers have several addresses")]);
    expect(report.contactRows).toMatchObject({
      read: 5,
      refused: 2,
      refusedByCode: { ERR_ROW_MALFORMED: 2 },
    });
    const cells = rowsOf("klaviyo.csv").flatMap((row) => Object.values(row));
    expect(cells).toContain("ann@x.example");
    expect(cells).not.toContain("old@x.example");
    await expect(
      exportOf("klaviyo", { contacts: { path: contacts, emailColumn: "e_mail" } }),
    ).rejects.toMatchObject({ code: "ERR_COLUMN_MISSING", hint: expect.stringContaining("email") });
  });

  it.each([
    ["braze", "external_id", `{{custom_attribute.\${lookalike_headline}}}`],
    ["sfmc", "SubscriberKey", "%%lookalike_headline%%"],
  ] as const)("gives %s its own key and tags", async (format, key, tag) => {
    await writeRun(out, run, decisions());
    await exportOf(format);
    const rows = rowsOf(`${format}.csv`);
    expect(rows.map((row) => row[key])).toEqual(["c-0001", "c-0002", "c-0004"]);
    expect(readFileSync(join(out, `exports/${format}-email.html`), "utf8")).toContain(tag);
  });

  it("refuses every value over a limit at once, by row and column, and writes nothing", async () => {
    const long = reworded({ headline: "é".repeat(128), body: "x".repeat(256) });
    await runOf(long, ["a@x.example", "no address"]);
    const problem = exportOf("mailchimp", { utm: { content: "y".repeat(300) } });
    await expect(problem).rejects.toMatchObject({ code: "ERR_EXPORT_INVALID" });
    const { message } = (await problem.catch((error: unknown) => error)) as Error;
    expect(message).toContain("rows 1, 2, column LL_HEAD: expected at most 255 bytes but found 256");
    expect(message).toContain("rows 1, 2, column LL_BODY: expected at most 255 bytes but found 256");
    expect(message).toMatch(/rows 1, 2, column LL_LINK: expected at most 255 bytes but found 3\d\d/);
    expect(message).toContain("row 2, column Email Address: expected an e-mail address");
    expect(existsSync(join(out, "exports")) ? readdirSync(join(out, "exports")) : []).toEqual([]);
    // Braze counts characters, not bytes.
    await runOf(reworded({ headline: "é".repeat(255) }));
    expect((await exportOf("braze")).rows).toBe(2);
  });

  it.each([
    ["mailchimp", "mailchimp.csv", "LL_ALT"],
    ["braze", "braze.csv", "lookalike_alt"],
  ] as const)("makes alternative text for %s of whole sentences, never cut", async (format, file, column) => {
    const headline = `${"Galaxy ".repeat(8)}now`;
    const first = `From 29.95 EUR a month. ${"Now ".repeat(18)}is the time.`;
    await runOf(reworded({ headline, body: `${first} ${"Then ".repeat(20)}it is late.` }), ["a@x.example"]);
    await exportOf(format);
    expect(rowsOf(file)[0]?.[column]).toBe(`${headline}. ${first}`);
    await runOf(reworded({ headline, body: "x".repeat(250) }), ["a@x.example"]);
    await exportOf(format);
    expect(rowsOf(file)[0]?.[column]).toBe(headline);
  });

  it.each([
    ["mailchimp", "*|FNAME|*"],
    ["braze", "{{x}}"],
    ["klaviyo", "{% if %}"],
    ["sfmc", "%%name%%"],
    ["braze", "<b>now</b>"],
    ["sfmc", "-20% today"],
  ] as const)("lets no word pass for %s's own language or a formula: %s", async (format, headline) => {
    await runOf(reworded({ headline }), ["a@x.example"]);
    await expect(exportOf(format)).rejects.toMatchObject({
      code: "ERR_EXPORT_INVALID",
      message: expect.stringMatching(/row 1, column (LL_HEAD|lookalike_headline)/),
    });
  });

  it("splits files at the tool's limit and removes parts of an earlier, longer export", async () => {
    const long = reworded({ headline: "x".repeat(1990), body: "z".repeat(1990) });
    const ids = Array.from({ length: 8_500 }, (_, i) => `customer-${i}@mail.example`);
    await runOf(long, ids);
    const { files } = await exportOf("klaviyo", { utm: { term: "y".repeat(1900) } });
    const parts = files.filter(({ path }) => path.endsWith(".csv"));
    expect(parts.length).toBeGreaterThan(1);
    for (const { bytes } of parts) expect(bytes).toBeLessThanOrEqual(50_000_000);
    const lines = parts.flatMap(({ path }) => readFileSync(path, "utf8").trimEnd().split("\r\n").slice(1));
    expect(lines.map((line) => line.slice(0, line.indexOf(",")))).toEqual(ids);
    await runOf(long, ids.slice(0, 3));
    await exportOf("klaviyo");
    expect(readdirSync(join(out, "exports")).filter((name) => name.endsWith(".csv"))).toEqual([
      "klaviyo.csv",
    ]);
  });
});

describe("public feeds", () => {
  it.each([
    ["meta-catalogue", ["id", "title", "price", "link", "image_link"]],
    ["google-custom", ["ID", "Item title", "Price", "Final URL", "Image URL"]],
  ] as const)("%s has a row per distinct ad and no trace of a customer", async (format, names) => {
    const ids = ["msisdn31612345678", "ann@x.example", "c-0003", "Zoë Quist"];
    await writeRun(out, run, decisions(ids));
    const report = await exportOf(format, { utm: { source: "feed", content: "{ad}" } });
    expect(report.rows).toBe(2);
    const text = readFileSync(join(out, `exports/${format}.csv`), "utf8");
    for (const id of ids) expect(text).not.toContain(id);
    const rows = rowsOf(`${format}.csv`);
    const [id, title, price, link, image] = names;
    expect(rows.map((row) => [row[title], row[price]])).toEqual([
      ["Your next iPhone is on us", "32.00 EUR"],
      ["Galaxy, watch and buds", "29.00 EUR"],
    ]);
    expect(rows[0]?.[link]).toBe(
      `https://lumo.example/apple?shop=1&utm_source=feed&utm_content=${rows[0]?.[id]}`,
    );
    expect(rows[0]?.[image]).toContain("/creatives/square-1080/");
    await exportOf("csv");
    expect(rows.map((row) => row[id])).toEqual(
      rowsOf("customers.csv")
        .slice(0, 2)
        .map((row) => row.ad_id),
    );
  });

  it("never shows a customer's own words: feeds speak to everyone", async () => {
    const offer = reworded(
      { headline: "Better than your phone" },
      { placeholders: ["current_manufacturer"] },
    );
    const own = { ...shown("c-0001", offer, run), copy: { ...offer.copy, headline: "Better than Nokia" } };
    await writeRun(out, { ...run, offers: [offer] }, [own]);
    await exportOf("meta-catalogue");
    expect(rowsOf("meta-catalogue.csv")[0]?.title).toBe("Better than your phone");
    await exportOf("csv");
    expect(rowsOf("customers.csv")[0]?.headline).toBe("Better than Nokia");
  });

  it.each([
    [reworded({}, { placeholders: ["first_name"] }), "headline: copy_personal_placeholder"],
    [reworded({ headline: "Perfect at your age" }), "headline: copy_implies_attribute"],
    [reworded({ body: "Call +31 20 123 4567" }), "copy_contact_data"],
    [reworded({}, { url: "https://lumo.example/customers/c-0002" }), "it contains a customer's identifier"],
    [reworded({}, { url: "https://lumo.example/?ref=C-0001" }), "it contains a customer's identifier"],
    [reworded({ headline: "Especially for c-0001!" }), "it contains a customer's identifier"],
  ])("refuses personal data in every door: %#", async (offer, message) => {
    await runOf(offer);
    for (const format of ["meta-catalogue", "google-custom"] as const) {
      await expect(exportOf(format)).rejects.toMatchObject({
        code: "ERR_EXPORT_PERSONAL_DATA",
        message: expect.stringContaining(message),
      });
      expect(existsSync(join(out, `exports/${format}.csv`))).toBe(false);
    }
  });

  it("takes no price, year or amount for a customer of that number, but an address", async () => {
    const krw = { ...run, currency: "KRW" };
    const offer = reworded({ headline: "Best of 2026", body: "From 30001 won." }, { price: 1350000 });
    const numbered = (url: string) =>
      ["1350000", "2026", "30001"].map((id) => shown(id, { ...offer, url }, krw));
    await writeRun(out, { ...krw, offers: [offer] }, numbered(offer.url));
    const utm = { campaign: "spring 2026" };
    for (const format of ["meta-catalogue", "google-custom", "csv"] as const) await exportOf(format, { utm });
    const leak = { ...offer, url: "https://lumo.example/of/30001" };
    await writeRun(out, { ...krw, offers: [leak] }, numbered(leak.url));
    await expect(exportOf("meta-catalogue")).rejects.toMatchObject({ code: "ERR_EXPORT_PERSONAL_DATA" });
  });

  it.each(["csv", "braze", "meta-catalogue", "google-custom"] as const)(
    "refuses a UTM parameter of %s that holds a customer's identifier",
    async (format) => {
      await writeRun(out, run, decisions());
      await expect(exportOf(format, { utm: { term: "vip c-0004" } })).rejects.toMatchObject({
        code: "ERR_EXPORT_PERSONAL_DATA",
      });
    },
  );

  it("asks for a price, a real currency and a picture that is large enough", async () => {
    await runOf(reworded({}, { price: null }));
    await expect(exportOf("meta-catalogue")).rejects.toThrow(/row 1, column price: expected a value/);
    expect((await exportOf("google-custom")).rows).toBe(1);
    await writeRun(out, { ...run, currency: "points" }, decisions());
    await expect(exportOf("meta-catalogue")).rejects.toThrow(
      /column price: expected a price with an ISO 4217/,
    );
    const small = manifest(["rectangle-300x250"]);
    await writeRun(out, small, [shown("c-0001", APPLE, small)]);
    await expect(exportOf("meta-catalogue")).rejects.toThrow(/column image_link: expected a value/);
  });

  it("hands over only what mail programs and feeds draw", async () => {
    const web = manifest(["web-hero"]);
    await writeRun(out, web, [shown("c-0001", APPLE, web)]);
    await expect(exportOf("braze")).rejects.toThrow(/column lookalike_image: expected a value/);
    await expect(exportOf("google-custom")).rejects.toThrow(/column Image URL: expected a value/);
    await exportOf("csv");
    expect(rowsOf("customers.csv")[0]?.image_web_hero).toMatch(/\.webp$/);
  });

  it("warns of words that may not be shown whole", async () => {
    await writeRun(out, run, decisions());
    const { warnings } = await exportOf("google-custom");
    expect(warnings).toContain("Item description: longer than the 25 characters that are sure to be shown");
  });

  it("keeps a customer's ad from passing for a public one, in types", () => {
    const ofCustomer: Column<CustomerAd> = { name: "x", kind: "key", value: (row) => row.customerId };
    // @ts-expect-error a public feed has no column that reads customers
    const ofFeed: Column<PublicAd> = ofCustomer;
    // @ts-expect-error nor can a row of a feed be made with a customer in it
    const row: PublicAd = { adId: "a", offer: APPLE, link: "", images: [], customerId: "c-0001" };
    expect([ofFeed.name, row.adId]).toEqual(["x", "a"]);
  });
});

describe("every tool", () => {
  it.each(EXPORT_FORMATS)("%s says where its rules stand and when they were checked", (format) => {
    const { sources, file } = EXPORT_TOOLS[format];
    expect(file).toMatch(/^[a-z-]+$/);
    for (const { url, checkedOn, says } of sources) {
      expect(URL.canParse(url)).toBe(true);
      expect(checkedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(says.length).toBeGreaterThan(10);
    }
    expect(sources.length).toBeGreaterThan(0);
  });
});

describe("what is refused before any work", () => {
  it("names a format, an address and a run that are none", async () => {
    await writeRun(out, run, decisions());
    await expect(exportOf("mailchmp" as ExportFormat)).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
      hint: "Did you mean mailchimp?",
    });
    await expect(exportOf("csv", { baseUrl: "ftp://x" })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
    await expect(exportOf("csv", { out: join(out, "nowhere") })).rejects.toMatchObject({
      code: "ERR_RUN_UNREADABLE",
    });
  });

  it.each([
    ["decisions.jsonl", '{"customer_id":"c-00'],
    ["decisions.jsonl", `${JSON.stringify({ ...shown("a", APPLE, run), offer: { id: "unknown" } })}\n`],
    ["run.json", '{"version":2}'],
    ["run.json", "{"],
  ])("says that the run is damaged: %s", async (file, text) => {
    await writeRun(out, run, decisions());
    await writeFile(join(out, file), text);
    await expect(exportOf("csv")).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
  });

  it("stops when it is told to, and leaves nothing", async () => {
    await writeRun(out, run, decisions());
    const controller = new AbortController();
    const aborted = exportOf("csv", { signal: controller.signal, onProgress: () => controller.abort() });
    await aborted.catch(() => {});
    controller.abort();
    await expect(
      exportOf("csv", { signal: controller.signal, to: join(out, "other") }),
    ).rejects.toMatchObject({
      code: "ERR_ABORTED",
    });
    expect(existsSync(join(out, "other"))).toBe(false);
  });

  it("says where it could not write", async () => {
    await writeRun(out, run, decisions());
    await expect(exportOf("csv", { to: join(out, "run.json", "x") })).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
    });
  });
});
