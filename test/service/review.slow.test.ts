import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { defaultMetric, partsOf } from "../../src/faces/index.ts";
import { exportAds, openRecords } from "../../src/handover/index.ts";
import { createQuestioner, readJudgements } from "../../src/learning/index.ts";
import { createJudgeSession, startJudge } from "../../src/service/index.ts";
import { openAccessKeys, privacyFiles } from "../../src/trust/index.ts";
import { createWorld, openStage, type Stage, type World } from "../campaign/world.ts";
import { drawPeople } from "../learning/resemblance/world.ts";
import { type Api, apiOf, createKey, startWorld } from "./open.ts";
import { hasBrowser, newPage, openBrowser, serious, tabTo } from "./pages.ts";

let stage: Stage;
/** One finished run and its service for the tests that act on different ads, or on none. */
let shared: World;
let common: Api;
beforeAll(async () => {
  stage = await openStage();
  shared = await createWorld(stage, "shared", "crm_consent: accept", people("s"));
  await shared.run();
  common = apiOf(await startWorld(stage, shared));
  running.push(common);
});
/** Ends the shared service; a second call does nothing. */
const running: Api[] = [];
const endShared = () => Promise.all(running.splice(0).map(({ service }) => service.close()));
afterAll(async () => {
  await endShared();
  await stage?.close();
});

const people = (prefix: string) =>
  Array.from({ length: 4 }, (_, i) => [`${prefix}-${i}`, String(20 + 15 * i), "NL"] as const);

/** The first key closes the service within a tenth of a second. */
async function closed(): Promise<void> {
  await expect.poll(async () => (await common.get("/review/api/ads")).status, { timeout: 60_000 }).toBe(401);
}

/** A session as the page has it: the cookie, and the token that goes with every change. */
async function signIn(api: Api, key: string): Promise<Record<string, string>> {
  const { status, body, headers } = await api.post("/review/api/login", { key });
  expect(status).toBe(200);
  const cookie = headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  return { cookie: cookie.split(";")[0] ?? "", "x-csrf-token": body.csrf };
}

describe("an action", () => {
  it("asks for a reason, and tells two reviewers apart", async () => {
    const { body: rows } = await common.get("/review/api/ads");
    // The last: the pages begin with the first.
    const hashes = [rows.at(-1).hash];
    expect((await common.post("/review/api/ads", { action: "reject", hashes })).status).toBe(400);
    const seen = { action: "approve", hashes, seen: [0] };
    expect((await common.post("/review/api/ads", seen)).status).toBe(200);
    expect(await common.post("/review/api/ads", seen)).toMatchObject({
      status: 409,
      body: { code: "ERR_REVIEW_CONFLICT" },
    });
    expect((await common.post("/review/api/ads", { action: "undo", hashes })).status).toBe(200);
  });
});

describe.skipIf(!hasBrowser)("the pages in a browser", { timeout: 600_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await newPage(browser, { ...options, bypassCSP: true });
    await page.goto(`${common.url}/review/`);
    await page.waitForSelector("[role=option]");
    return page;
  };
  const said = (page: Page, text: string) => page.waitForSelector(`[role=status]:has-text('${text}')`);
  /** Answers the dialog by keyboard alone. */
  const answer = async (page: Page, text: string) => {
    await page.waitForSelector("dialog[open]");
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
  };
  const focused = (page: Page) => page.evaluate<string>("document.activeElement.getAttribute('role')");
  const follow = async (page: Page, name: string) => {
    await tabTo(page, name);
    await page.keyboard.press("Enter");
    await page.waitForSelector(`nav [aria-current=page]:has-text('${name}')`);
  };

  it("let people decide by keyboard alone", async () => {
    const page = await open();
    const total = await page.locator("[role=option]").count();
    expect(total).toBeGreaterThan(1);
    await page.keyboard.press("a");
    await said(page, "Approved: 1 item");
    await page.keyboard.press("k");
    await page.keyboard.press("r");
    await answer(page, "The face is cut");
    await said(page, "Changes requested");
    // The dialog gives the focus back.
    expect(await focused(page)).toBe("listbox");
    await page.keyboard.press("u");
    await said(page, "Undone");
    await page.keyboard.press("u");
    await page.waitForSelector("[role=option][aria-selected=true] >> text=Draft");
    await page.keyboard.press("u");
    await said(page, "Nothing to undo");
    await page.keyboard.press("n");
    await answer(page, "local");
    await said(page, "Assigned");

    // The filters are the rule of a bulk approval.
    await tabTo(page, "Assigned to me");
    await page.keyboard.press("Enter");
    await page.waitForFunction("document.querySelectorAll('[role=option]').length === 1");
    await tabTo(page, "Approve all shown");
    await page.keyboard.press("Enter");
    await answer(page, "all seen on the proofs");
    await said(page, "Approved: 1 item");
    const records = openRecords(shared.out);
    const standings = [...records.reviews.standings("ad").values()];
    records.close();
    expect(standings.filter(({ state }) => state === "approved")).toHaveLength(1);
    expect(standings.find(({ state }) => state === "approved")).toMatchObject({
      reason: "all seen on the proofs",
      assignee: "local",
    });
    await tabTo(page, "Undo all shown");
    await page.keyboard.press("Enter");
    await answer(page, "too early");
    await said(page, "Undone: 1 item");
  });

  it("show photos, the campaign and the keys by keyboard alone", async () => {
    const page = await open();
    await follow(page, "Photos");
    await page.waitForSelector("h1:has-text('Photos')");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("a");
    await said(page, "Approved: 1 item");
    await page.keyboard.press("k");
    await page.keyboard.press("u");
    await said(page, "Undone: 1 item");
    await page.keyboard.press("x");
    await answer(page, "a rival's logo");
    await page.waitForSelector("[role=option][aria-selected=true] >> text=excluded: all offers");
    expect(readFileSync(shared.campaign.photos.exclusions, "utf8")).toContain("a rival's logo");
    await page.keyboard.press("x");
    await said(page, "No longer excluded");
    await page.keyboard.press("Escape");
    await page.waitForSelector("h1:has-text('Inbox')");
    await follow(page, "Campaign");
    await page.waitForSelector("caption:has-text('Ads by state')");
    expect(await page.title()).toBe("Campaign · lookalike");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open] >> text=Keys");
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await page.keyboard.press("Escape");
    await page.waitForSelector("h1:has-text('Inbox')");
  });

  it("exclude a photo from an offer, and edit its focal point and leading face, by keyboard alone", async () => {
    const page = await open();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".channels img");
    await page.keyboard.press("x");
    await answer(page, "not with this handset");
    await page.waitForSelector(".facts >> text=excluded:");
    const written = readFileSync(shared.campaign.photos.exclusions, "utf8");
    expect(written).toMatch(/,(apple|samsung),not with this handset/);
    await page.keyboard.press("x");
    await page.waitForSelector(".facts >> text=excluded:", { state: "detached" });

    await page.keyboard.press("e");
    await page.waitForSelector(".point");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("ArrowUp");
    await page.waitForSelector("output:has-text('60 % from the left, 39 % from the top')");
    await page.keyboard.press("u");
    await page.keyboard.press("u");
    await page.waitForSelector("output:has-text('faces decide')");
    await page.keyboard.press("f");
    await page.waitForSelector("output:has-text('Any face may lead')");
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector("output:has-text('Only face 1 of')");
    expect(await page.locator("rect.leads").count()).toBe(1);
    await page.waitForSelector("img.preview[src*='lead_x']");
    const labels = join(stage.folder, "photos.csv");
    const before = readFileSync(labels, "utf8");
    await page.keyboard.press("s");
    await said(page, "Written to photos.csv");
    expect(readFileSync(labels, "utf8")).toContain("lead_x");
    await page.keyboard.press("u");
    await page.waitForSelector("output:has-text('Any face may lead')");
    // The second is sent before the first is answered: it is no conflict.
    await page.keyboard.press("s");
    await page.keyboard.press("s");
    await said(page, "Written to photos.csv");
    await expect.poll(() => readFileSync(labels, "utf8"), { timeout: 60_000 }).not.toMatch(/,0\.\d/);
    writeFileSync(labels, before);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".channels img");
    await page.keyboard.press("Escape");
    await page.waitForSelector("h1:has-text('Inbox')");
  });
  it("let people decide and edit by mouse, without a serious finding in any view and theme", async () => {
    const page = await open({ reducedMotion: "reduce" });
    const press = (name: string | RegExp) => page.getByRole("button", { name }).first().click();
    const write = async (text: string, button: string) => {
      await page.locator("dialog textarea").fill(text);
      await page.locator("dialog").getByRole("button", { name: button }).click();
    };
    expect(await serious(page)).toEqual([]);
    await page.locator("[role=option]").last().click();
    await page.waitForSelector(".channels img");
    await press("Request changes");
    await page.waitForSelector("dialog[open]");
    expect(await serious(page)).toEqual([]);
    await write("The face is cut", "Request changes");
    await page.waitForSelector(".history >> text=The face is cut");
    await press("Undo");
    await page.waitForSelector(".history >> text=undid");
    expect(await serious(page)).toEqual([]);
    await press("Focal point");
    await press("Leading face");
    const box = await page.locator("rect.box").first().boundingBox();
    if (box === null) throw new Error("the photo has no face");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForSelector("output:has-text('Only face 1 of')");
    expect(await serious(page)).toEqual([]);
    await press("Let any face lead");
    await page.waitForSelector("output:has-text('Any face may lead')");
    await press("Focal point");
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForSelector("output:has-text('from the left')");
    await page.getByRole("link", { name: "Photos" }).click();
    await page.locator("[role=option]").last().click();
    await page.waitForSelector("[role=option][aria-selected=true]:last-child");
    await press(/^Exclude X/);
    await write("blurred", "Exclude");
    await page.waitForSelector("[role=option] >> text=excluded: all offers");
    expect(await serious(page)).toEqual([]);
    await press("Include again");
    await said(page, "No longer excluded");
    await page.getByRole("link", { name: "Campaign" }).click();
    await page.waitForSelector("table");
    expect(await serious(page)).toEqual([]);
  });

  it("fit a phone, and 1280 px at 400 %, in every view", async () => {
    const page = await open({ viewport: { width: 320, height: 600 } });
    const fits = async () => {
      const overflow = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect(overflow, page.url()).toBeLessThanOrEqual(0);
    };
    // One below the other: no card covers another.
    const cards = "[...document.querySelectorAll('[role=option]')]";
    const tops = `new Set(${cards}.map((card) => card.getBoundingClientRect().top)).size === ${cards}.length`;
    await page.waitForFunction(tops);
    await fits();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".channels img");
    await fits();
    await page.keyboard.press("e");
    await page.waitForSelector("img.preview");
    await fits();
    for (const [view, ready] of [
      ["photos", "[role=option]"],
      ["campaign", "table"],
    ]) {
      await page.goto(`${common.url}/review/#/${view}`);
      await page.waitForSelector(`h1 >> visible=true`);
      await page.waitForSelector(`${ready}`);
      await fits();
    }
  });

  it("show what happened, whichever answer arrives first", async () => {
    const page = await open();
    await page.keyboard.press("Enter");
    await page.waitForSelector(".channels img");
    // The first view is answered last.
    const held: Route[] = [];
    const views = "**/review/api/ads/*";
    await page.route(views, (route) => (held.length === 0 ? void held.push(route) : route.continue()));
    await page.keyboard.press("a");
    await page.keyboard.press("u");
    await page.keyboard.press("r");
    await answer(page, "The face is cut");
    await page.waitForSelector(".history >> text=The face is cut");
    const [first] = held;
    const view = await (await first?.fetch())?.json();
    const arrived = page.waitForEvent("requestfinished", (request) => request === first?.request());
    await first?.fulfill({ json: { ...view, history: [] } });
    await arrived;
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
    expect(await page.locator(".history li").count()).toBeGreaterThan(2);
    await page.unroute(views);

    // A second reviewer, whose page has the earlier state.
    const other = await open();
    await other.getByRole("button", { name: "All", exact: true }).click();
    const badge = other.locator("[role=option] .badge").first();
    expect(await badge.textContent()).toContain("Changes requested");
    await page.keyboard.press("u");
    await said(page, "Undone");
    const { body: rows } = await common.get("/review/api/ads");
    await other.keyboard.press("a");
    await said(other, "another user changed it");
    await other
      .locator("[role=option] .badge:not(.changes_requested)")
      .nth(rows.length - 1)
      .waitFor();
    expect((await common.get("/review/api/ads")).body).toEqual(rows);
    await other.route("**/review/api/**", (route) => route.abort());
    await other.keyboard.press("a");
    await said(other, "The server does not answer");
  });

  it("load nothing from elsewhere, under a policy that forbids it", async () => {
    const page = await newPage(browser);
    const hosts = new Set<string>();
    const problems: string[] = [];
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    const response = await page.goto(`${common.url}/review/`);
    expect(response?.headers()["content-security-policy"]).toContain("default-src 'none'");
    await page.waitForSelector("[role=option] img");
    expect([...hosts]).toEqual([new URL(common.url).host]);
    expect(problems).toEqual([]);
  });

  it("ask which of two faces looks more like a third, by keys, in the same clothes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lookalike-judge-page-"));
    const features = drawPeople(12, 1);
    const photos = [...features.keys()];
    const base = defaultMetric(partsOf("features-2+traits+look-x"));
    const questioner = createQuestioner({ probes: photos.slice(0, 3), photos, features, base, seed: 1 });
    const path = join(folder, "judgements.jsonl");
    const session = createJudgeSession({ questioner, rater: "anna", total: 3, path, now: () => new Date() });
    const picture = readFileSync(join(stage.folder, "portraits/middle.jpg"));
    const server = await startJudge({ session, photo: async () => picture });
    onTestFinished(async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const page = await newPage(browser, { colorScheme: "dark", bypassCSP: true });
    await page.goto(server.url);
    await page.waitForSelector(".pair img");
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press("ArrowLeft");
    await page.waitForSelector("text=1 of 3 answered");
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector("text=2 of 3 answered");
    await page.keyboard.press("u");
    await page.waitForSelector("text=1 of 3 answered");
    await page.getByRole("button", { name: "Right face" }).click();
    await page.waitForSelector("text=2 of 3 answered");
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector("text=You can close this page");
    expect(await serious(page)).toEqual([]);
    const { judgements } = await readJudgements(path);
    expect(judgements.map(({ answer }) => answer)).toEqual(["left", "right", "right"]);
  });

  it("ask for a key by keyboard alone, at first and when the session has ended", async () => {
    const [wrong, key] = [createKey(shared, ["decide"]), createKey(shared, ["review"])];
    await closed();
    const page = await newPage(browser, { bypassCSP: true });
    await page.goto(`${common.url}/review/`);
    await page.waitForSelector("input[name=key]:focus");
    expect(await serious(page)).toEqual([]);
    await page.keyboard.type(wrong);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=alert]:has-text('scope review')");
    expect(await serious(page)).toEqual([]);
    await page.keyboard.press("Control+a");
    await page.keyboard.type(key);
    await page.keyboard.press("Enter");
    await page.waitForSelector("[role=option]");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".channels img");
    await page.context().clearCookies();
    await page.keyboard.press("a");
    await page.waitForSelector("text=Your session has ended");
    expect(await serious(page)).toEqual([]);
    await page.waitForSelector("input[name=key]:focus");
    await page.keyboard.type(key);
    await page.keyboard.press("Enter");
    // The same page as before.
    await page.waitForSelector(".channels img");
    await tabTo(page, "Sign out");
    await page.keyboard.press("Enter");
    await page.waitForSelector("input[name=key]:focus");
    expect(await page.locator("text=Your session has ended").count()).toBe(0);
    await page.reload();
    await page.waitForSelector("input[name=key]:focus");
  });
});

// From here on, the shared service asks for keys.
describe("sessions", () => {
  it("need the scope and the token, and end with the key", async () => {
    const api = common;
    const key = createKey(shared, ["review"]);
    const other = createKey(shared, ["decide"]);
    await closed();
    expect((await api.post("/review/api/login", { key: other })).status).toBe(401);
    const session = await signIn(api, key);
    const { body: rows } = await api.get("/review/api/ads", session);
    const body = { action: "approve", hashes: [rows[0].hash] };
    const { cookie = "" } = session;
    expect((await api.post("/review/api/ads", body, { cookie })).status).toBe(401);
    expect((await api.post("/review/api/ads", body, { cookie: `${cookie}x` })).status).toBe(401);
    expect((await api.post("/review/api/ads", body, session)).status).toBe(200);
    expect((await api.post("/v1/decisions", { customer_id: "x" }, session)).status).toBe(403);
    const keys = openAccessKeys(privacyFiles(shared.campaign.privacy.folder).access);
    for (const { id, scopes } of keys.list()) if (scopes.includes("review")) keys.revoke(id);
    keys.close();
    expect((await api.get("/review/api/ads", session)).status).toBe(401);
  });
});

// The last, because it changes the gallery, which the shared services would load again at each change.
describe("a campaign that requires approval", () => {
  let world: World;
  let api: Api;
  beforeAll(async () => {
    await endShared();
    const plain = await createWorld(stage, "approve", "crm_consent: accept", people("m"));
    const policy = { ...plain.campaign.policy, approval: "required" as const };
    world = { ...plain, campaign: { ...plain.campaign, policy } };
    await world.run({ campaign: world.campaign });
    api = apiOf(await startWorld(stage, world));
    await api.service.ready;
  });
  afterAll(() => api?.service.close());

  it("gives out and exports only approved ads, by content", async () => {
    const of = async (id: string) => (await api.post("/v1/decisions", { customer_id: id })).body;
    expect(await of("m-0")).toMatchObject({ status: "none", creatives: [] });
    const { body: rows } = await api.get("/review/api/ads");
    expect(rows.length).toBeGreaterThan(1);
    const exported = async () =>
      exportAds({
        out: world.out,
        format: "jsonl",
        baseUrl: "https://cdn.example/",
        stopped: (ids) => world.consents.stopped(ids, { at: new Date() }),
      });
    expect(await exported()).toMatchObject({ rows: 0, unapproved: { waiting: 4, replaced: 0 } });

    const [first] = rows;
    const acted = await api.post("/review/api/ads", { action: "approve", hashes: [first.hash], seen: [0] });
    expect(acted.body.standings[first.hash]).toMatchObject({ state: "approved", actor: "local" });
    const shown = await Promise.all(["m-0", "m-1", "m-2", "m-3"].map(of));
    expect(shown.filter(({ status }) => status === "ad")).toHaveLength(first.reach);
    expect(await exported()).toMatchObject({ rows: first.reach, unapproved: { ads: rows.length - 1 } });
    const ad = shown.find(({ status }) => status === "ad");
    expect((await fetch(api.url + ad.creatives[0].url)).status).toBe(200);
    expect([...world.audit.entries({ action: "review" })]).toHaveLength(1);

    await api.post("/review/api/ads", { action: "undo", hashes: [first.hash] });
    expect((await of("m-0")).status).toBe("none");
    const records = openRecords(world.out);
    expect(records.reviews.history("ad", first.hash).map(({ action, state }) => [action, state])).toEqual([
      ["approve", "approved"],
      ["undo", "draft"],
    ]);
    records.close();
  });

  it("obeys exclusions and focal points, which are files", async () => {
    const { body: photos } = await api.get("/review/api/photos");
    const used = photos.find(({ reach }: { reach: number }) => reach > 0);
    await api.post("/review/api/exclusions", { photo: used.hash, reason: "a rival's logo" });
    const file = world.campaign.photos.exclusions;
    expect(readFileSync(file, "utf8")).toContain("a rival's logo");
    const again = await world.run({ campaign: world.campaign });
    expect(again.decisions.map(({ photo }) => photo?.path)).not.toContain(used.paths[0]);
    expect((await api.send("DELETE", `/review/api/exclusions/${used.hash}`)).status).toBe(200);
    expect(readFileSync(file, "utf8")).not.toContain("rival");

    // Two reviewers at once: neither change is lost.
    expect(photos.length).toBeGreaterThan(1);
    await Promise.all(
      photos.map(({ hash }: { hash: string }) =>
        api.post("/review/api/exclusions", { photo: hash, offer: "apple", reason: "both" }),
      ),
    );
    expect(readFileSync(file, "utf8").match(/both/g)).toHaveLength(photos.length);
    await Promise.all(
      photos.map(({ hash }: { hash: string }) => api.send("DELETE", `/review/api/exclusions/${hash}`)),
    );
    expect(readFileSync(file, "utf8")).not.toContain("both");

    const { body: before, headers } = await api.get(`/review/api/photos/${used.hash}/focus`);
    expect(headers.get("etag")).toBe(`"${before.tag}"`);
    type Point = readonly [number, number] | null;
    const put = (tag: string, focus: Point = [0.25, 0.75], lead?: Point) =>
      fetch(`${api.url}/review/api/photos/${used.hash}/focus`, {
        method: "PUT",
        headers: { "content-type": "application/json", "if-match": `"${tag}"` },
        body: JSON.stringify(lead === undefined ? { focus } : { focus, lead }),
      });
    const tagNow = async () => (await api.get(`/review/api/photos/${used.hash}/focus`)).body.tag;
    expect((await put(before.tag)).status).toBe(200);
    expect(readFileSync(join(stage.folder, "photos.csv"), "utf8")).toMatch(/0\.25,0\.75/);
    expect(readFileSync(join(stage.folder, "photos.csv"), "utf8")).toContain("Ann Lee");
    expect((await put(before.tag)).status).toBe(409);
    expect((await api.get(`/review/api/photos/${used.hash}/focus`)).body.focus).toEqual([0.25, 0.75]);
    const preview = await fetch(
      `${api.url}/review/preview/${used.hash}?offer=apple&channel=tiny&x=0.1&y=0.9`,
    );
    expect(preview.headers.get("content-type")).toBe("image/jpeg");
    // The gallery is everybody's: its photo is as it was before.
    const led = await put(await tagNow(), [0.25, 0.75], [0.5, 0.4]);
    expect(led.status).toBe(200);
    expect(await led.json()).toMatchObject({ focus: [0.25, 0.75], lead: [0.5, 0.4], leading: 0 });
    expect(readFileSync(join(stage.folder, "photos.csv"), "utf8")).toMatch(/0\.25,0\.75,0\.5,0\.4/);
    expect((await stage.gallery.photo(used.paths[0]))?.lead).toEqual([0.5, 0.4]);
    // A change of the focal point alone leaves the face.
    expect((await put(await tagNow(), null)).status).toBe(200);
    const tag = await tagNow();
    expect((await api.get(`/review/api/photos/${used.hash}/focus`)).body.lead).toEqual([0.5, 0.4]);
    expect((await put(tag, null, null)).status).toBe(200);
    expect((await stage.gallery.photo(used.paths[0]))?.lead).toBeUndefined();
    writeFileSync(join(stage.folder, "photos.csv"), "photo,credit\nbar.jpg,Ann Lee\n");
  });
});
