import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Campaign, loadCampaign, parseCampaign } from "../../src/campaign/index.ts";
import { isLookalikeError, type LookalikeError } from "../../src/core/index.ts";
import { folderOfFile } from "../temporary.ts";

const VALID = `name: Spring handsets
brand:
  name: Lumo
  colors:
    primary: "#123abc"
inputs:
  customers:
    path: customers.csv
    columns: { customer_id: msisdn }
  inventory: [photos]
offers:
  - id: apple
    product: Apple
    headline: Shine on
    body: The newest one.
    cta: See it
    url: https://lumo.example/apple
    margin: 120
photos:
  default: default.jpg
`;

const folder = folderOfFile();

beforeAll(() => {
  writeFileSync(join(folder, "customers.csv"), "msisdn\n1\n");
  writeFileSync(join(folder, "default.jpg"), "");
  mkdirSync(join(folder, "photos"));
});

function parse(text: string): Campaign {
  return parseCampaign(text, join(folder, "campaign.yaml"));
}

function refusal(text: string): LookalikeError {
  try {
    parse(text);
  } catch (error) {
    if (isLookalikeError(error)) return error;
    throw error;
  }
  throw new Error("the campaign was accepted");
}

describe("a right campaign file", () => {
  it("is read with its defaults and absolute paths", async () => {
    writeFileSync(join(folder, "campaign.yaml"), VALID);
    const campaign = await loadCampaign(join(folder, "campaign.yaml"));
    expect(campaign.inputs.customers).toEqual({
      path: join(folder, "customers.csv"),
      columns: { customer_id: "msisdn" },
    });
    expect(campaign.inputs.gallery).toBe(join(folder, "gallery"));
    expect(campaign.inputs.inventory).toEqual([join(folder, "photos")]);
    expect(campaign.brand.colors).toEqual({ primary: "#123abc", ink: "#11151c", paper: "#ffffff" });
    const [offer] = campaign.offers;
    expect(offer).toMatchObject({ arm: offer?.id, cost: 0, budget: null, eligible: null, photoTags: [] });
    expect(campaign.channels.map(({ width, height }) => [width, height])).toEqual([
      [1080, 1080],
      [300, 250],
    ]);
    expect(campaign.policy).toMatchObject({ ambiguousPortrait: "largest", holdout: 0, seed: 1 });
    expect(campaign.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it("may describe a channel of its own", () => {
    const campaign = parse(`${VALID}channels:\n  - { id: tower, width: 160, height: 600, format: png }\n`);
    expect(campaign.channels).toEqual([
      { id: "tower", width: 160, height: 600, format: "png", maxBytes: 200_000, density: 1, body: true },
    ]);
  });
});

describe("a wrong campaign file", () => {
  it("that is another file, such as one of customers, is refused without a word of its content", () => {
    const { code, message } = refusal("customer_id,mail\n1,anna@example.org\n2,bob@example.org\n");
    expect(code).toBe("ERR_CAMPAIGN_INVALID");
    expect(message).toMatch(/received text of \d+ characters/);
    expect(message).not.toMatch(/anna|customer_id/);
  });

  it("is named when it cannot be opened", async () => {
    await expect(loadCampaign(join(folder, "nowhere.yaml"))).rejects.toMatchObject({
      code: "ERR_CAMPAIGN_NOT_FOUND",
    });
  });

  it("gets line, column, key, what was expected and the nearest spelling for a typo", () => {
    const error = refusal(VALID.replace("    margin: 120", "    margn: 120"));
    expect(error.code).toBe("ERR_CAMPAIGN_INVALID");
    expect(error.message).toContain(
      "campaign.yaml:18:5  Expected a known key but received offers[0].margn. Did you mean margin?",
    );
    expect(error.message).toMatch(
      /campaign\.yaml:12:5 {2}Expected offers\[0\]\.margin: .* but it is missing/,
    );
  });

  it("says what it received instead", () => {
    expect(refusal(VALID.replace("margin: 120", "margin: cheap")).message).toContain(
      '18:5  Expected a number of 0 or more, earned per sale for offers[0].margin but received "cheap"',
    );
    expect(refusal(`${VALID}policy:\n  ambiguous_portrait: refuze\n`).message).toContain(
      '22:3  Expected one of largest, refuse for policy.ambiguous_portrait but received "refuze". Did you mean refuse?',
    );
    expect(refusal(`${VALID}channels: [square-1008]\n`).message).toContain("Did you mean square-1080?");
  });

  it("gets all its problems at once, in the order of the lines", () => {
    const { message } = refusal(
      VALID.replace("#123abc", "bluish")
        .replace("https://", "javascript:")
        .replace("default.jpg", "gone.jpg")
        .replace("name: Spring handsets", "name: ''"),
    );
    expect(message).toContain("4 problems");
    const lines = [...message.matchAll(/campaign\.yaml:(\d+):/g)].map((match) => Number(match[1]));
    expect(lines).toEqual([1, 5, 17, 20]);
  });

  it.each([
    [
      "a band turned round",
      "policy:\n  similarity: { max_distance: 0.4, min_distance: 0.5 }\n",
      /below max_distance/,
    ],
    ["an offer called none", "", /an id other than none/],
    ["a repeated channel", "channels: [square-1080, square-1080]\n", /channels\[1\]/],
    ["a channel too large", "channels:\n  - { id: big, width: 9000, height: 50 }\n", /channels\[0\]\.width/],
    ["a holdout of all", "policy: { holdout: 1 }\n", /a share below 1/],
    ["a list in place of a map", "policy: [1]\n", /policy but received an array of 1/],
  ])("%s is refused", (name, addition, message) => {
    const text = name.includes("none") ? VALID.replace("id: apple", "id: none") : VALID + addition;
    expect(refusal(text).message).toMatch(message);
  });

  it.each([
    ["JPY", "1299.5", "a whole number of JPY"],
    ["KRW", "29.9", "a whole number of KRW"],
    ["EUR", "29.999", "at most 2 decimals in EUR"],
    ["KWD", "1.2505", "at most 3 decimals in KWD"],
    ["jpy", "1299.5", "a whole number of JPY"],
  ])("a price in %s of %s is refused", (currency, price, expectation) => {
    const text = VALID.replace("    margin: 120", `    price: ${price}\n    margin: 120`);
    expect(refusal(`${text}currency: ${currency}\n`).message).toContain(
      `Expected ${expectation} for offers[0].price`,
    );
  });

  it.each([
    ["JPY", "1300"],
    ["EUR", "29.9"],
    ["KWD", "1.25"],
    ["HUF", "1299.5"],
    ["iqd", "1.255"],
  ])("a price in %s of %s is kept", (currency, price) => {
    const text = VALID.replace("    margin: 120", `    price: ${price}\n    margin: 120`);
    const campaign = parseCampaign(`${text}currency: ${currency}\n`, join(folder, "campaign.yaml"));
    expect(campaign.offers[0]?.price).toBe(Number(price));
  });

  it("is refused for files that do not exist, before any work", () => {
    const error = refusal(VALID.replace("default.jpg", "gone.jpg").replace("[photos]", "[photos, more]"));
    expect(error.code).toBe("ERR_CAMPAIGN_INPUT_MISSING");
    expect(error.message).toContain("10:23  Expected a file for inputs.inventory.1");
    expect(error.message).toContain(join(folder, "gone.jpg"));
    for (const table of ["customers", "calls", "messages", "usage", "purchases", "experiment"]) {
      const { code, message } = refusal(
        VALID.replace(/customers:\n {4}path: .*\n.*\n/, `${table}: { path: gone-${table}.csv }\n`),
      );
      expect(message).toContain(`inputs.${table}.path`);
      expect(message).toContain(`gone-${table}.csv`);
      expect(code).toMatch(/^ERR_CAMPAIGN_/);
    }
  });
});

describe("hostile YAML", () => {
  it("of thousands of unknown keys names the first ones and counts the others", () => {
    const { message } = refusal(`${VALID}${Array.from({ length: 300 }, (_, i) => `k${i}: 1\n`).join("")}`);
    expect(message).toContain("found 300 problems");
    expect(message.split("\n")).toHaveLength(52);
    expect(message).toMatch(/\n {2}\.\.\. and 250 more$/);
  });

  it("is refused with the place of a syntax error", () => {
    expect(refusal("name: [1\nbrand: {").message).toMatch(/campaign\.yaml:\d+:\d+ {2}Expected valid YAML/);
    expect(refusal("name: a\nname: b\n").message).toContain("campaign.yaml:2:1");
  });

  it.each([
    [
      "aliases that multiply",
      `a0: &a0 [x, x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`).join("\n")}`,
    ],
    ["a hundred thousand brackets", "[".repeat(100_000)],
    ["lists in lists", "- ".repeat(20_000)],
    ["keys in keys", `${"? ".repeat(20_000)}x`],
    ["brackets in quotes", `x: [${'["]",'.repeat(20_000)}`],
    ["eighty thousand keys", Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join("\n")],
    [
      "a key of eighty thousand entries",
      `name: {${Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join(", ")}}`,
    ],
    ["two megabytes", "x: y\n".repeat(400_000)],
    ["nothing", ""],
    ["a lone scalar", "yes"],
    ["binary", "\u0000\u0001\u0002"],
  ])("%s", (_, text) => {
    expect(refusal(text).code).toBe("ERR_CAMPAIGN_INVALID");
  });
});
