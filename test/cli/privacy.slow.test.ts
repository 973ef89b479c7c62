import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const folder = folderOfFile();
let campaign: string;

beforeAll(() => {
  campaign = join(folder, "campaign.yaml");
  writeFileSync(join(folder, "default.jpg"), "never opened");
  writeFileSync(join(folder, "customers.csv"), "customer_id\nc1\n");
  writeFileSync(
    join(folder, "consents.csv"),
    "customer_id,purpose,notice_version,given_at,method,expires_at,jurisdiction\nerika,face_matching,v1,2026-01-01,online_form,,NL\nbert,face_matching,v1,2026-01-01,nod,,NL\n",
  );
  writeFileSync(
    campaign,
    `name: Spring
brand: { name: Lumo }
inputs: { customers: { path: customers.csv } }
offers: [{ id: a, product: A, headline: H, body: B, cta: C, url: "https://lumo.example", margin: 1 }]
photos: { default: default.jpg }
privacy: { jurisdiction: NL, retention: { decisions: 90 } }
`,
  );
});

const json = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const withCampaign = (...words: string[]) => lookalike(...words, "--campaign", campaign);

describe("consent, erase and audit", () => {
  it("need no file that the campaign names except their own", async () => {
    const [own, moved] = [join(folder, "moved.yaml"), "inventory: [gone], experiment: { path: gone.csv }"];
    const inputs = `inputs: { customers: { path: gone.csv }, ${moved} }`;
    const text = readFileSync(campaign, "utf8").replace(/inputs: .*/, inputs);
    writeFileSync(
      own,
      text.replace("default.jpg", "gone.jpg").replace("privacy: {", "privacy: { folder: own,"),
    );
    const of = (...words: string[]) => lookalike(...words, "--campaign", own);
    expect((await of("consent", "import", join(folder, "consents.csv"))).status).toBe(3);
    expect((await of("consent", "withdraw", "erika")).status).toBe(0);
    expect((await of("erase", "erika")).status).toBe(0);
    expect((await of("audit", "verify")).status).toBe(0);
    expect((await of("token", "create", "--scope", "decide")).status).toBe(0);
    expect((await of("notice")).status).toBe(0);
    expect(await of("check")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("ERR_CAMPAIGN_INPUT_MISSING"),
    });
  });

  it("go from import to receipt, and the log of it holds together", async () => {
    const imported = await withCampaign("consent", "import", join(folder, "consents.csv"), "--json");
    expect(imported.status).toBe(3);
    expect(imported.stderr).toMatch(/rejected row 2 of .*consents.csv: ERR_ROW_VALUE_INVALID/);
    expect(json(imported.stdout)).toMatchObject([{ imported: 1, unchanged: 0, refused: 1 }]);

    const withdrawn = await withCampaign("consent", "withdraw", "erika", "--json");
    expect([withdrawn.status, json(withdrawn.stdout)[0].known]).toEqual([0, true]);
    const listed = json((await withCampaign("consent", "list", "erika", "--json")).stdout);
    const withdrawn_at = expect.stringMatching(/^20/);
    expect(listed).toMatchObject([
      { customer_id: "erika", purpose: "face_matching", withdrawn_at },
      { customer_id: "erika", purpose: "photo", withdrawn_at },
      { customer_id: "erika", purpose: "network", withdrawn_at },
    ]);

    const erased = await withCampaign("erase", "erika", "--json");
    const [receipt] = json(erased.stdout);
    expect(receipt).toMatchObject({ kind: "customer", removed: { consents: 1 } });
    expect(erased.stdout + erased.stderr).not.toContain("erika");
    expect((await withCampaign("consent", "list", "--json")).stdout).toBe("");

    const entries = json((await withCampaign("audit", "list", "--json")).stdout);
    expect(entries.map(({ action }) => action)).toEqual([
      "consent.import",
      "consent.withdraw",
      "consent.read",
      "erase.customer",
      "consent.read",
    ]);
    const own = json((await withCampaign("audit", "list", "--customer", "erika", "--json")).stdout);
    expect(own.map(({ action }) => action)).toEqual(["consent.withdraw", "consent.read", "erase.customer"]);
    const noted = `${receipt.audit.seq}:${receipt.audit.hash}`;
    expect((await withCampaign("audit", "verify", "--expect", noted)).status).toBe(0);
    const other = await withCampaign("audit", "verify", "--expect", `1:${"0".repeat(64)}`, "--json");
    expect([other.status, json(other.stdout)[0].problem]).toEqual([3, "replaced"]);
    expect((await withCampaign("audit", "verify", "--expect", "yesterday")).status).toBe(2);
  });

  it("note who trained and indexed what, and nothing of any face", async () => {
    const log = join(folder, "experiment.csv");
    const rows = Array.from(
      { length: 400 },
      (_, i) => `${["none", "a"][i % 2]},${i % 4 === 1 ? 1 : 0},${i % 50}`,
    );
    writeFileSync(log, `offer_id,converted,age\n${rows.join("\n")}\n`);
    const model = join(folder, "offers.json");
    expect(
      (await lookalike("train", "--log", log, "--model", model, "--privacy", join(folder, "privacy"))).status,
    ).toBe(0);
    const sample = join(
      resolve(import.meta.dirname, "../../node_modules/@vladmandic/face-api/demo"),
      "sample1.jpg",
    );
    // Without being told: the log is in the folder beside the gallery.
    expect((await lookalike("index", sample, "--gallery", join(folder, "gallery"))).status).toBe(0);
    const entries = json((await withCampaign("audit", "list", "--json")).stdout).slice(-2);
    expect(entries).toMatchObject([
      { action: "train", subject: null, detail: { model, experimentRows: 400 } },
      { action: "index", subject: null, detail: { indexed: 1, faces: expect.any(Number) } },
    ]);
    expect(entries[0].actor).not.toBe("");
    for (const { detail } of entries) expect(JSON.stringify(detail)).not.toMatch(/sample1|landmark|\[/);
  });

  it("refuse wrong use", async () => {
    expect((await lookalike("consent", "list")).stderr).toContain("ERR_OPTION_INVALID");
    expect((await withCampaign("erase")).status).toBe(2);
    expect((await withCampaign("erase", "x", "--photo", "y")).status).toBe(2);
    expect((await withCampaign("consent", "withdraw", "x", "--purpose", "all")).status).toBe(2);
    const gallery = ["--gallery", join(folder, "gallery"), "--json"];
    for (const words of [
      ["--photo", join(folder, "nothere.jpg")],
      ["--model-release", "NOPE"],
    ]) {
      const { status, stdout, stderr } = await withCampaign("erase", ...words, ...gallery);
      expect([status, stdout]).toEqual([3, ""]);
      expect(stderr).toContain("Nothing found, nothing erased");
    }
    const stranger = await withCampaign("erase", "stranger", "--json");
    expect([stranger.status, json(stranger.stdout)[0].known]).toEqual([0, false]);
    expect(stranger.stderr).toContain("Nothing was stored about this customer");
    const unknown = await withCampaign("consent", "withdraw", "nobody");
    expect([unknown.status, unknown.stderr]).toEqual([
      0,
      expect.stringContaining("was not found in any source"),
    ]);
  });
});

describe("key and rekey", () => {
  it("encrypt what is there, and open it with the key alone", async () => {
    const key = join(folder, "key");
    await withCampaign("consent", "import", join(folder, "consents.csv"));
    expect((await lookalike("key", "new", key)).status).toBe(0);
    expect((await lookalike("key", "new", key)).stderr).toContain("ERR_KEY_INVALID");
    expect((await withCampaign("rekey", "--to", key)).status).toBe(0);
    const store = readFileSync(join(folder, "privacy/consents.db"));
    expect(store.subarray(0, 15).toString("latin1")).not.toBe("SQLite format 3");
    expect((await withCampaign("consent", "list")).stderr).toContain("ERR_KEY_REQUIRED");
    expect((await withCampaign("audit", "verify", "--key-file", key)).status).toBe(0);
    expect((await withCampaign("rekey", "--from", key)).status).toBe(0);
    expect((await withCampaign("audit", "verify")).status).toBe(0);
  });
});

describe("what people are told", () => {
  it("is drawn from the campaign: notice and retention policy", async () => {
    const [notice] = json((await withCampaign("notice", "--json")).stdout);
    expect(notice.text).toContain("# How we use your photo: Spring");
    const policy = await withCampaign("purge", "--policy");
    expect(policy.stderr).toContain("90 days");
    const purged = await withCampaign("purge", "--dry-run", "--json");
    expect(json(purged.stdout)).toMatchObject([{ runs: 0, dryRun: true }]);
    expect((await withCampaign("why", "erika", "--out", folder)).status).toBe(2);
  });
});

describe("a lost registry", () => {
  it("is missed by every command that needs it, and by doctor, which makes none", async () => {
    const home = join(folder, "lost");
    mkdirSync(home);
    const text = readFileSync(campaign, "utf8").replaceAll(/: ((?:customers|default)\.\w+)/g, ": ../$1");
    const [declared, bare] = [join(home, "declared.yaml"), join(home, "bare.yaml")];
    writeFileSync(declared, text);
    writeFileSync(bare, text.replace(/^privacy:.*$/m, ""));
    const doctor = async (path = declared) => {
      const { stdout } = await lookalike("doctor", "--campaign", path, "--json");
      return json(stdout).find(({ name }) => name === "privacy files");
    };
    expect(await doctor()).toMatchObject({ status: "note" });
    expect(existsSync(join(home, "privacy"))).toBe(false);
    await lookalike("consent", "import", join(folder, "consents.csv"), "--campaign", declared);
    await lookalike("consent", "withdraw", "erika", "--campaign", declared);
    expect(await doctor()).toMatchObject({ status: "ok" });
    for (const name of readdirSync(join(home, "privacy"))) {
      if (name.startsWith("consents.db")) rmSync(join(home, "privacy", name));
    }
    for (const words of [
      ["consent", "import", join(folder, "consents.csv")],
      ["consent", "withdraw", "erika"],
      ["consent", "list"],
      ["erase", "erika"],
      ["purge"],
      ["rekey", "--to", join(folder, "any.key")],
    ]) {
      await lookalike("key", "new", join(folder, "any.key"));
      const { status, stderr } = await lookalike(...words, "--campaign", declared);
      expect([status, stderr], words.join(" ")).toEqual([
        2,
        expect.stringContaining("error ERR_CONSENTS_REQUIRED"),
      ]);
    }
    for (const path of [declared, bare]) {
      expect(await doctor(path)).toMatchObject({
        status: "wrong",
        detail: expect.stringContaining("ERR_CONSENTS_REQUIRED"),
      });
    }
    expect(existsSync(join(home, "privacy", "consents.db"))).toBe(false);
  });
});

describe("doctor", () => {
  it("finds the install whole, and names what is not", async () => {
    const { status, stdout } = await withCampaign("doctor", "--json");
    const found = new Map(json(stdout).map((finding) => [finding.name, finding]));
    for (const name of ["node", "photos", "fonts", "tables", "databases", "weights", "face engine"]) {
      expect(found.get(name), name).toMatchObject({ status: "ok" });
    }
    expect(status).toBe(0);
    const wrong = join(folder, "wrong.yaml");
    writeFileSync(wrong, "name: 3\n");
    const sick = await lookalike("doctor", "--campaign", wrong, "--key-file", join(folder, "none"));
    expect(sick.status).toBe(3);
    expect(sick.stderr).toMatch(/FAIL {2}key: ERR_KEY_INVALID[\s\S]*FAIL {2}campaign: ERR_CAMPAIGN_INVALID/);
  });
});

describe("consent import --map", () => {
  it("takes columns of other names, and refuses names that are none of ours", async () => {
    const file = join(folder, "other-names.csv");
    writeFileSync(file, "Kunde,purpose,seit,method\nmapped-1,face_matching,2026-01-01,online_form\n");
    const mapped = await withCampaign(
      ...["consent", "import", file, "--map", "customer_id=Kunde", "--map", "given_at=seit", "--json"],
    );
    expect([mapped.status, json(mapped.stdout)]).toMatchObject([0, [{ imported: 1, refused: 0 }]]);
    const listed = await withCampaign("consent", "list", "mapped-1", "--json");
    expect(json(listed.stdout)).toMatchObject([{ customer_id: "mapped-1" }]);
    const wrong = await withCampaign("consent", "import", file, "--map", "customer=Kunde");
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringMatching(/--map.*customer=Kunde/) });
  });
});
