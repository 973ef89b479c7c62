import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const folder = folderOfFile();
const at = (name: string) => join(folder, name);

/** A campaign whose call log has these times, one customer changing from Acme to Bolt. */
function writeCampaign(times: readonly string[], header = "device_manufacturer"): void {
  const rows = times.map((time, i) => `1,x,${time},60,${i < times.length / 2 ? "Acme" : "Bolt"}`);
  writeFileSync(at("crm.csv"), "customer_id,age\n1,30\n");
  writeFileSync(at("calls.csv"), [`caller_id,callee_id,started_at,duration_s,${header}`, ...rows].join("\n"));
  writeFileSync(at("default.jpg"), "stands for a photo: a report opens none");
  writeFileSync(
    at("campaign.yaml"),
    `name: Spring
brand: { name: Telco }
inputs: { customers: { path: crm.csv }, calls: { path: calls.csv } }
photos: { default: default.jpg }
offers: [{ id: acme, product: Acme, headline: Hi, body: New, cta: Go, url: "https://example.com/a", margin: 5 }]
`,
  );
}

const report = () => lookalike("report", "switching", "--campaign", at("campaign.yaml"), "--json");

describe("report switching", () => {
  it("names the rows that it leaves out", async () => {
    writeCampaign(["2025-01-01", "2025-02-01", "soon", "2025-08-01", "2025-09-01"]);
    const made = await report();
    expect(made.status).toBe(3);
    expect(JSON.parse(made.stdout)).toMatchObject({ customers: 2 });
    expect(made.stderr).toMatch(/rejected row 3 of .*calls\.csv: ERR_ROW_VALUE_INVALID: .*started_at/);
  });

  it("lists what is wrong where no row can be read, rather than ask for a longer log", async () => {
    writeCampaign(["03/04/2025", "05/06/2025"]);
    const { status, stderr } = await report();
    expect(status).toBe(2);
    expect(stderr).toMatch(/rejected row 1 of .*calls\.csv: .*day or month/);
    expect(stderr).toMatch(/ERR_TRANSITIONS_EMPTY: .*all of them rejected/);
    const trained = await lookalike("train", "--campaign", at("campaign.yaml"), "--model", at("m.json"));
    expect(trained).toMatchObject({ status: 2, stderr: expect.stringMatching(/all of them rejected/) });
  });

  it("says that the log names no handsets", async () => {
    writeCampaign(["2025-01-01", "2025-02-01"], "note");
    expect(await report()).toMatchObject({ status: 2, stderr: expect.stringMatching(/column of handsets/) });
  });
});
