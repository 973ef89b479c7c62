import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openRecords } from "../../src/handover/index.ts";
import { built } from "../built.ts";
import { IDS, writeCampaignFolder } from "../campaign/fixture.ts";
import { sharedEngine } from "../faces/shared-engine.ts";
import { folderOfFile } from "../temporary.ts";
import { lookalike } from "./capture.ts";

const folder = folderOfFile();
let campaign: string;

beforeAll(async () => {
  campaign = await writeCampaignFolder(folder);
});

const at = (...names: string[]) => join(folder, ...names);
const generate = (...more: string[]) =>
  lookalike("generate", "--campaign", campaign, "--out", at("ads"), ...more);

describe("index, train and generate", () => {
  it("says what to run first where there is no model", async () => {
    const { status, stdout, stderr } = await generate("--json");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("ERR_MODEL_UNREADABLE");
    expect(stderr).toContain(`lookalike train --campaign ${campaign}`);
    expect(existsSync(at("ads"))).toBe(false);
  });

  it("refuses flags that do not fit before anything is opened", async () => {
    const missing = ["--campaign", at("none.yaml"), "--embedder-config", at("none.yaml")];
    const { status, stderr } = await lookalike("generate", ...missing, "--out", at("ads"));
    expect(status).toBe(2);
    expect(stderr).toContain("Expected --embedder beside --embedder-config");
  });

  it("make an ad for every customer, a decision per line", async () => {
    expect((await lookalike("train", "--campaign", campaign)).status).toBe(0);
    const { status, stdout, stderr } = await generate("--json");
    expect(status, stderr).toBe(0);
    // The campaign names its inventory, so the missing gallery was made.
    expect(stderr).toContain("Indexing the inventory");
    const decisions = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(decisions.map(({ customer_id }) => customer_id)).toEqual(IDS);
    expect(stdout).toBe(readFileSync(at("ads", "decisions.jsonl"), "utf8"));
    const [matched] = decisions;
    const keys = ["customer_id", "offer", "photo", "creatives", "models"];
    expect(Object.keys(matched)).toEqual(expect.arrayContaining(keys));
    expect(Object.keys(matched.offer)).toEqual([
      "id",
      "basis",
      "uplift",
      "unit",
      "personal",
      "lift",
      "expected_value",
    ]);
    expect(Object.keys(matched.photo)).toEqual(["path", "basis", "distance", "resemblance", "reason"]);
    expect(matched.photo).toMatchObject({ path: at("photos", "bar.jpg"), basis: "lookalike" });
    expect(Object.keys(matched.creatives[0])).toEqual([
      "channel",
      "file",
      "width",
      "height",
      "bytes",
      "sha256",
    ]);
    expect(readFileSync(at("ads", matched.creatives[0].file)).length).toBe(matched.creatives[0].bytes);
  });

  it("check counts what generate decided, and writes nothing", async () => {
    const { status, stdout, stderr } = await lookalike(
      "check",
      "--campaign",
      campaign,
      "--out",
      at("new"),
      "--json",
    );
    expect(status, stderr).toBe(0);
    const found = JSON.parse(stdout);
    const lines = readFileSync(at("ads", "decisions.jsonl"), "utf8").trim().split("\n");
    const decisions = lines.map((line) => JSON.parse(line));
    const offers: Record<string, number> = {};
    for (const { offer } of decisions) offers[offer.id] = (offers[offer.id] ?? 0) + 1;
    expect(found).toMatchObject({ customers: decisions.length, refused: 0, offers });
    const reasonOf = ({ photo }: { photo: { reason: string } | null }) => photo?.reason;
    for (const [reason, count] of Object.entries(found.defaults)) {
      if (reason !== "no_photo")
        expect(decisions.filter((own) => reasonOf(own) === reason)).toHaveLength(Number(count));
    }
    const ads = new Set(decisions.map(({ creatives }) => JSON.stringify(creatives)));
    expect(found.mostAds).toBeGreaterThanOrEqual(ads.size);
    expect(existsSync(at("new"))).toBe(false);
    expect(stderr).toContain("distinct ads");
  });

  it("writes no customer's embedding anywhere", async () => {
    const engine = await sharedEngine();
    const { faces } = await engine.describe(at("portraits", "middle.jpg"));
    const [first = 0, second = 0] = faces[0]?.embedding ?? [];
    const bytes = Buffer.from(Float32Array.of(first, second).buffer);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(files.length).toBeGreaterThan(10);
    for (const content of files) {
      expect(content.includes(bytes)).toBe(false);
      expect(content.includes(String(first).slice(0, 9))).toBe(false);
    }
  });

  it("ends with status 3 and names what was refused: unknown ids, repeated rows", async () => {
    const unknown = await generate("--customer", "without", "nobody", "--json");
    expect(unknown.status).toBe(3);
    expect(unknown.stdout.trimEnd().split("\n").length).toBe(1);
    expect(unknown.stderr).toContain("rejected --customer nobody: ERR_CUSTOMER_UNKNOWN");
    const original = readFileSync(at("customers.csv"));
    onTestFinished(() => writeFileSync(at("customers.csv"), original));
    appendFileSync(at("customers.csv"), "without,33,,,\n");
    const repeated = await generate();
    expect({ status: repeated.status, stdout: repeated.stdout }).toEqual({ status: 3, stdout: "" });
    expect(repeated.stderr).toContain("ERR_ROW_ID_DUPLICATE");
    expect(repeated.stderr).toContain("10 customers decided");
    expect(repeated.stderr).toContain("1 look-alike photo;");
    expect(repeated.stderr).toContain("no consent: 1");
  });

  it("warns before any work of words that a channel's platform would refuse, and prunes what no decision shows", async () => {
    const files = () =>
      readdirSync(at("ads", "creatives"), { recursive: true, encoding: "utf8" }).filter((name) =>
        /\.\w+$/.test(name),
      );
    const before = files();
    const reworded = readFileSync(campaign, "utf8")
      .replace("Big screen, small price", "In deinem Alter zählt der Preis")
      .replace("Shine on at {age|any age}", "Shine on")
      .replace(/- \{ id: tiny.*\}/, "- square-1080");
    writeFileSync(at("reworded.yaml"), reworded);
    const options = ["--campaign", at("reworded.yaml"), "--out", at("ads"), "--customer", "without"];
    const kept = await lookalike("generate", ...options);
    // A row of the test before is refused still.
    expect(kept.status, kept.stderr).toBe(0);
    expect(kept.stderr).toMatch(
      /^warning copy_implies_attribute: offer \w+, headline, on meta: "In deinem Alter"/m,
    );
    expect(kept.stderr.indexOf("warning copy_")).toBeLessThan(kept.stderr.indexOf("decided in"));
    expect(files().length).toBeGreaterThan(before.length);
    const pruned = await lookalike("generate", ...options, "--prune");
    expect(pruned.status).toBe(0);
    expect(pruned.stderr).toContain("unused creative");
    // `--customer` leaves the decisions of the others, so their creatives stay.
    const shown = readFileSync(at("ads", "decisions.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .flatMap((line) => JSON.parse(line).creatives.map(({ file }: { file: string }) => basename(file)));
    const pictures = files().filter((name) => /\.(?:jpe?g|png|webp)$/.test(name));
    expect(new Set(pictures.map((name) => basename(name)))).toEqual(new Set(shown));
  });

  it("misses a registry that was lost, and does not go on without it or with an empty one", async () => {
    const options = ["--campaign", campaign, "--out", at("asked"), "--customer", "matched"];
    const { status, stderr } = await lookalike("consent", "withdraw", "matched", "--campaign", campaign);
    expect(status, stderr).toBe(0);
    expect((await lookalike("generate", ...options)).stderr).toContain("consent withdrawn: 1");
    for (const name of readdirSync(at("privacy"))) {
      if (name.startsWith("consents.db")) rmSync(at("privacy", name));
    }
    const lost = await lookalike("generate", ...options);
    expect([lost.status, lost.stderr]).toEqual([2, expect.stringContaining("ERR_CONSENTS_REQUIRED")]);
    expect(existsSync(at("privacy", "consents.db"))).toBe(false);
    // Of a folder that is lost as a whole only the run tells.
    rmSync(at("privacy"), { recursive: true });
    const told = await lookalike("generate", ...options);
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining("ERR_CONSENTS_REQUIRED")]);
  });

  it("ends with status 130 when it is interrupted, and keeps what it has", async () => {
    const rows = Array.from({ length: 4_000 }, (_, i) => `c${i},40,,,`);
    writeFileSync(
      at("many.csv"),
      ["customer_id,age,photo,consent_biometric,consent_expires", ...rows].join("\n"),
    );
    const text = readFileSync(campaign, "utf8").replace("customers.csv", "many.csv");
    writeFileSync(at("many.yaml"), text);
    const args = ["--campaign", at("many.yaml"), "--out", at("many"), "--json", "--no-look"];
    const child = spawn(process.execPath, [await built("cli/main.js"), "generate", ...args]);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.stdout.once("data", () => {
      // Left unread, the pipe is full long before the last customer: the run cannot end before the signal.
      child.stdout.pause();
      child.kill("SIGINT");
      child.stdout.resume();
    });
    // What takes longer than two seconds to stop dies of the signal, which is 130 to a shell.
    const status = await new Promise((done) => {
      child.on("close", (code, signal) => done(signal === "SIGINT" ? 130 : code));
    });
    expect(status, stderr).toBe(130);
    expect(stderr).toContain("Run the same command again");
    expect(existsSync(at("many", "decisions.jsonl"))).toBe(false);
    expect(existsSync(at("many", ".decisions.partial.jsonl"))).toBe(true);
  });
});

describe("serve and review", () => {
  it("demand a key beyond this machine", async () => {
    const args = ["--campaign", campaign, "--out", at("ads"), "--host", "0.0.0.0", "--port", "0"];
    const { status, stderr } = await lookalike("serve", ...args);
    expect(status).toBe(2);
    expect(stderr).toContain("lookalike token create");
  });

  // Windows ends a process that gets a signal at once.
  it.skipIf(process.platform === "win32")(
    "answer the request that is open when SIGTERM comes, then end with status 0",
    async () => {
      writeFileSync(at("served.yaml"), `${readFileSync(campaign, "utf8")}privacy: { folder: served }\n`);
      const args = ["--campaign", at("served.yaml"), "--out", at("served-ads")];
      const made = await lookalike("generate", ...args, "--customer", "without");
      expect(made.status, made.stderr).toBe(0);
      const main = await built("cli/main.js");
      const child = spawn(process.execPath, [main, "review", ...args, "--port", "0"]);
      onTestFinished(() => void child.kill("SIGKILL"));
      const ended = once(child, "exit");
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (chunk) => {
        stderr += chunk;
      });
      await expect.poll(() => stderr, { timeout: 240_000 }).toMatch(/Ready: \S+\/review\/\n/);
      const [, url = "", port = ""] = /Ready: (http:\/\/127\.0\.0\.1:(\d+))/.exec(stderr) ?? [];
      expect(await (await fetch(`${url}/review/api/ads`)).json()).toMatchObject([{ reach: 1 }]);

      const socket = connect(Number(port), "127.0.0.1");
      onTestFinished(() => void socket.destroy());
      let reply = "";
      socket.setEncoding("utf8").on("data", (chunk) => {
        reply += chunk;
      });
      await once(socket, "connect");
      const outcome = JSON.stringify({ customer_id: "without", value: 7 });
      const head = `POST /v1/outcomes HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n`;
      socket.write(`${head}content-length: ${outcome.length}\r\n\r\n${outcome.slice(0, 5)}`);
      // Sent later and answered: so the server has the first half of the other.
      await fetch(`${url}/healthz`);
      child.kill("SIGTERM");
      await expect.poll(() => stderr, { timeout: 60_000 }).toContain("Stopping after open requests");
      expect(reply).toBe("");
      socket.write(outcome.slice(5));
      expect(await ended, stderr).toEqual([0, null]);
      expect(reply).toMatch(/^HTTP\/1\.1 200/);
      const records = openRecords(at("served-ads"));
      expect([...records.outcomes()]).toMatchObject([{ customerId: "without", value: 7 }]);
      records.close();
    },
  );
});
