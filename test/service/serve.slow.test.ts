import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Decision, openRecords } from "../../src/handover/index.ts";
import { decision as decisionSchema } from "../../src/service/api/schemas.ts";
import { createClient } from "../../src/service/client.ts";
import { createVault, openAudit, openConsents } from "../../src/trust/index.ts";
import { createWorld, openStage, type Stage, type World } from "../campaign/world.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { withdrawElsewhere } from "../trust/consents/elsewhere.ts";
import { GUIDES, runExamples } from "./guides.ts";
import { type Api, apiOf, createKey, serveWorld, startWorld } from "./open.ts";

let stage: Stage;
/** One run and its service. Each test has customers of its own in it, unless it needs another campaign. */
let world: World;
let api: Api;
let made: readonly Decision[];
const lines: string[] = [];
/** Called for each portrait that the service opens. */
let onPortrait: (photo: string) => void | Promise<void> = () => {};

const people = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => [`${prefix}-${i}`, String(18 + ((i * 7) % 60)), "NL"] as const);
/** Those of `c` are not in the run. */
const IN_RUN = [...people("s-secret", 6), ...people("e", 3), ...people("r", 2)];

beforeAll(async () => {
  stage = await openStage();
  world = await createWorld(stage, "shared", "crm_consent: accept", [...IN_RUN, ...people("c", 3)]);
  ({ decisions: made } = await world.run({ customers: IN_RUN.map(([id]) => id) }));
  const log = { write: (line: string) => void lines.push(line) };
  api = apiOf(await startWorld(stage, world, { log, onDecode: (photo) => onPortrait(photo) }));
  await api.service.ready;
});
afterAll(async () => {
  await api?.service.close();
  await stage?.close();
});

describe("decisions of a run", () => {
  it("are answered as the run made them, by id and by name", async () => {
    expect((await api.get("/readyz")).body).toMatchObject({ status: "ready", decisions: IN_RUN.length });
    await expectAnswers(
      api,
      made.filter(({ customer_id: id }) => id.startsWith("s-secret")),
    );
    expect((await api.get(`/v1/decisions/${"x".repeat(22)}`)).status).toBe(404);
  });
});

async function expectAnswers(api: Api, decisions: readonly Decision[]): Promise<void> {
  for (const { customer_id: id, offer, photo, copy, creatives } of decisions) {
    const { status, body, headers } = await api.post("/v1/decisions", { customer_id: ` ${id}\u00a0` });
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(decisionSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      source: "run",
      is_final: true,
      offer: { id: offer.id },
      photo: { basis: photo?.basis, reason: photo?.reason },
      copy,
    });
    expect(body.creatives.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(
      creatives.map(({ sha256 }) => sha256),
    );
    expect(body.decision).not.toContain(id);
    expect((await api.get(`/v1/decisions/${body.decision}`)).body).toEqual(body);
    const many = await api.post("/v1/decisions", { customers: [{ customer_id: id }, { customer_id: id }] });
    expect(many.body).toEqual({ decisions: [body, body] });
    const picture = await fetch(api.url + body.creatives[0].url);
    expect(picture.headers.get("cache-control")).toContain("immutable");
    expect((await picture.arrayBuffer()).byteLength).toBe(body.creatives[0].bytes);
    const again = await fetch(api.url + body.creatives[0].url, {
      headers: { "if-none-match": picture.headers.get("etag") ?? "", "cache-control": "max-age=0" },
    });
    expect(again.status).toBe(304);
  }
}

describe("customers whom the run does not have", () => {
  it("get what a run for everyone gives them, from a sealed run too", async () => {
    const all = people("b", 30);
    const whole = await createWorld(stage, "whole", "crm_consent: ignore", all);
    const { decisions } = await whole.run();
    const vault = createVault(Buffer.alloc(32, 7));
    const some = await createWorld(stage, "some", "crm_consent: ignore", all, vault);
    const sealed = await some.run({ customers: ["b-0"] });
    const own = await serveWorld(stage, some, { vault });
    await expectAnswers(own, sealed.decisions);
    const { body } = await own.post("/v1/decisions", {
      customers: all.map(([customer_id]) => ({ customer_id })),
    });
    await own.service.idle();
    const after = await own.post("/v1/decisions", {
      customers: all.map(([customer_id]) => ({ customer_id })),
    });
    const shown = (answer: typeof body) =>
      answer.decisions.map(({ offer, photo, status }: typeof body) => [
        offer.id,
        offer.basis,
        photo?.reason ?? null,
        status,
      ]);
    const expected = decisions.map(({ offer, photo, copy }) => [
      offer.id,
      offer.basis,
      photo?.reason ?? null,
      copy === null ? "none" : "ad",
    ]);
    expect(shown(body)).toEqual(expected);
    expect(shown(after.body)).toEqual(expected);
    expect(after.body.decisions.map(({ copy }: typeof body) => copy)).toEqual(
      decisions.map(({ copy }) => copy),
    );
    const hashes = (creatives: readonly { sha256: string }[]) => creatives.map(({ sha256 }) => sha256);
    expect(after.body.decisions.map(({ creatives }: typeof body) => hashes(creatives))).toEqual(
      decisions.map(({ creatives }) => hashes(creatives)),
    );
    const arms = decisions.map(({ assignment }) => assignment?.holdout.arm);
    expect(after.body.decisions.map(({ experiment }: typeof body) => experiment.holdout?.arm)).toEqual(arms);
    const shares = decisions.map(({ assignment }) => assignment?.holdout.propensity);
    expect(after.body.decisions.map(({ experiment }: typeof body) => experiment.holdout?.propensity)).toEqual(
      shares,
    );
    expect(new Set(expected.map(([offer]) => offer)).size).toBeGreaterThan(1);
  });

  it("see the default photo as `pending` until the portrait is matched, and then the same for good", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    onPortrait = () => held;
    onTestFinished(() => {
      release();
      onPortrait = () => {};
    });
    const first = await api.post("/v1/decisions", { customer_id: "c-1" });
    expect(first.body).toMatchObject({
      source: "computed",
      is_final: false,
      photo: { basis: "default", reason: "pending" },
    });
    expect((await api.get("/readyz")).body.pending).toBe(1);
    release();
    await api.service.idle();
    const second = await api.post("/v1/decisions", { customer_id: "c-1" });
    expect(second.body).toMatchObject({ is_final: true, photo: { basis: "lookalike", reason: "nearest" } });
    expect(second.body.decision).toBe(first.body.decision);
    // Other features do not change what stands.
    const third = await api.post("/v1/decisions", { customer_id: "c-1", features: { age: 70 } });
    expect(third.body).toEqual(second.body);
    const other = await serveWorld(stage, world);
    expect((await other.get(`/v1/decisions/${first.body.decision}`)).body).toEqual(second.body);
  });

  it("are decided for from the request's columns, and wrong columns are refused", async () => {
    const of = async (age: unknown) =>
      (await api.post("/v1/decisions", { customer_id: `new-${age}`, features: { age } })).body;
    expect((await of(70)).offer.id).toBe("apple");
    expect((await of(20)).offer.id).toBe("samsung");
    expect(await of("old")).toMatchObject({ code: "ERR_FEATURE_INVALID" });
    const wrong = await api.post("/v1/decisions", { customer_id: "x", features: { agee: 3 } });
    expect(wrong).toMatchObject({ status: 400, body: { code: "ERR_FEATURE_INVALID" } });
    expect(wrong.body.message).toContain("Did you mean age?");
  });
});

describe("withdrawal and erasure", () => {
  it("work after a reload of the campaign has closed the connections that were open first", async () => {
    const opened: (() => void)[] = [];
    const open = async () => {
      const consents = await openConsents(world.consents.path);
      const audit = openAudit(world.audit.path, { actor: "test" });
      let isOpen = true;
      const close = () => {
        if (isOpen) [consents, audit].map((store) => store.close());
        isOpen = false;
      };
      opened.push(close);
      return {
        campaign: world.campaign,
        gallery: async () => stage.gallery,
        engine: async () => createFakeEngine(),
        model: async () => stage.model,
        ...{ consents, audit, vault: null },
        close: async () => close(),
      };
    };
    const own = await serveWorld(stage, world, { open });
    // The first connections last as long as the service; a reload closes those that it was loaded with.
    opened[1]?.();
    const { status, body } = await own.post("/v1/consents/withdraw", { customer_id: "r-0" });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(world.consents.standing("r-0").withdrawals).toHaveLength(3);
    expect(await own.send("DELETE", "/v1/customers/r-1")).toMatchObject({
      status: 200,
      body: { known: true },
    });
  });

  it("hold at the next answer, whichever process recorded them", async () => {
    const reasonOf = async (id: string) =>
      (await api.post("/v1/decisions", { customer_id: id })).body.photo?.reason;
    await reasonOf("c-2");
    await api.service.idle();
    for (const id of ["e-0", "c-2"]) expect(await reasonOf(id)).toBe("nearest");
    await withdrawElsewhere(world.consents.path, "e-0");
    expect(await reasonOf("e-0")).toBe("consent_withdrawn");
    expect((await api.post("/v1/consents/withdraw", { customer_id: "c-2" })).status).toBe(200);
    expect(await reasonOf("c-2")).toBe("consent_withdrawn");

    const name = (await api.post("/v1/decisions", { customer_id: "e-1" })).body.decision;
    await api.post("/v1/outcomes", { decision: name, value: 12.5 });
    const erased = await api.send("DELETE", "/v1/customers/e-1");
    expect(erased).toMatchObject({
      status: 200,
      body: { known: true, removed: { decisions: 1, records: 1 } },
    });
    expect((await api.get(`/v1/decisions/${name}`)).status).toBe(404);
    expect((await api.post("/v1/decisions", { customer_id: "e-1" })).body).toMatchObject({
      status: "none",
      creatives: [],
    });
    expect((await api.post("/v1/outcomes", { customer_id: "e-1" })).body).toMatchObject({
      accepted: 0,
      erased: 1,
    });
    // Two erasures at once wait for each other.
    const both = await Promise.all(["e-2", "nobody"].map((id) => api.send("DELETE", `/v1/customers/${id}`)));
    expect(both.map(({ status, body }) => [status, body.known])).toEqual([
      [200, true],
      [200, false],
    ]);
    const records = openRecords(world.out);
    expect([...records.outcomes()].filter(({ customerId }) => customerId.startsWith("e-"))).toEqual([]);
    records.close();
    for (const file of ["run.db", "run.db-wal"]) {
      expect(readFileSync(join(world.out, file)).includes("e-1")).toBe(false);
    }
  });
});

describe("outcomes and exposures", () => {
  it("are kept once per idempotency key, with what they were about", async () => {
    const body = {
      outcomes: [
        { customer_id: "s-secret-0", value: 3, at: "2026-11-01T10:00:00Z" },
        { customer_id: "s-secret-1", converted: false },
      ],
    };
    const key = { "idempotency-key": "order-1" };
    expect((await api.post("/v1/outcomes", body, key)).body).toMatchObject({ accepted: 2, repeated: false });
    expect((await api.post("/v1/outcomes", body, key)).body).toMatchObject({ repeated: true });
    expect(await api.post("/v1/outcomes", { customer_id: "s-secret-0" }, key)).toMatchObject({
      status: 422,
      body: { code: "ERR_REQUEST_REUSED" },
    });
    expect(
      (await api.post("/v1/exposures", { customer_id: "s-secret-0", channel: "tiny" })).body,
    ).toMatchObject({
      accepted: 1,
    });
    expect((await api.post("/v1/exposures", { decision: "x".repeat(22) })).body).toMatchObject({
      accepted: 0,
      unknown: 1,
    });
    expect(
      (await api.post("/v1/outcomes", { customer_id: "s-secret-0", at: "2126-11-01T10:00:00Z" })).status,
    ).toBe(400);
    const records = openRecords(world.out);
    expect([...records.outcomes()]).toMatchObject([
      { customerId: "s-secret-0", converted: true, value: 3, at: new Date("2026-11-01T10:00:00Z") },
      { customerId: "s-secret-1", converted: false, value: null },
    ]);
    expect([...records.exposures()]).toMatchObject([{ customerId: "s-secret-0", channel: "tiny" }]);
    records.close();
  });
});

describe("access", () => {
  it("refuses foreign names of the host and requests of other sites", async () => {
    const { request } = await import("node:http");
    const status = await new Promise((resolve) => {
      request(`${api.url}/healthz`, { headers: { host: "evil.example" } }, ({ statusCode }) =>
        resolve(statusCode),
      ).end();
    });
    expect(status).toBe(403);
    expect(
      await api.post("/v1/decisions", { customer_id: "s-secret-0" }, { "sec-fetch-site": "cross-site" }),
    ).toMatchObject({ status: 403, body: { code: "ERR_REQUEST_FOREIGN" } });
    await expect(serveWorld(stage, world, { host: "0.0.0.0" })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });

  it("refuses what the schemas do not have", async () => {
    for (const body of [
      {},
      { customer_id: "" },
      { customer_id: " \u00a0" },
      { customer_id: "a", extra: 1 },
      { customers: [] },
    ]) {
      expect((await api.post("/v1/decisions", body)).status).toBe(400);
    }
    const { message } = (await api.post("/v1/decisions", {})).body;
    expect(message).toMatch(/customer_id: .*, or customers: /);
    const send = async (body: string, type = "application/json") => {
      const init = { method: "POST", headers: { "content-type": type }, body };
      const response = await fetch(`${api.url}/v1/decisions`, init);
      return [response.status, (await response.json()) as unknown];
    };
    for (const [status, words, sent] of [
      [413, "at most 256 kB", send(JSON.stringify({ customer_id: "x".repeat(300_000) }))],
      [400, "in JSON", send("{")],
      [415, "content-type", send('{"customer_id":"a"}', "text/plain")],
    ] as const) {
      const problem = { code: "ERR_OPTION_INVALID", message: expect.stringContaining(words) };
      expect(await sent).toMatchObject([status, problem]);
    }
    for (const path of [`/v1/decisions/${"x".repeat(400)}`, "/v1/decisions/%zz"]) {
      const unreadable = await api.get(path);
      expect(unreadable.body.code).toBe("ERR_ROUTE_UNKNOWN");
      expect(JSON.stringify(unreadable.body)).not.toMatch(/xxx|%zz/);
    }
    expect((await api.get("/v1/creatives/tiny/../../run.json")).status).toBe(404);
    expect((await api.get("/v1/creatives/tiny/..%2f..%2frun.json")).status).toBe(400);
  });
});

describe("the service itself", () => {
  it("describes itself, counts, and logs no id", async () => {
    const { body } = await api.post("/v1/decisions", { customer_id: "s-secret-2" });
    await api.get(`/v1/decisions/${body.decision}`);
    await api.send("DELETE", "/v1/customers/nobody-secret");
    const { body: openapi } = await api.get("/openapi.json");
    expect(openapi.openapi).toBe("3.1.0");
    expect(Object.keys(openapi.paths)).toEqual(
      expect.arrayContaining([
        "/v1/decisions",
        "/v1/decisions/{decision}",
        "/v1/outcomes",
        "/v1/customers/{id}",
      ]),
    );
    expect(Object.keys(openapi.paths["/v1/outcomes"].post.responses)).toEqual(
      expect.arrayContaining(["200", "400", "401", "403", "422", "429"]),
    );
    expect(Object.keys(openapi.paths["/healthz"].get.responses)).toEqual(["200"]);
    const docs = await api.get("/docs");
    expect(docs.body).toContain("/v1/decisions");
    expect(docs.body).not.toMatch(/(src|href)="https?:/);
    expect((await api.get("/metrics")).body).toMatch(/lookalike_decisions_total\{source="run",status="ad"/);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.join("")).not.toContain("secret");
    expect(lines.join("")).not.toContain(body.decision);
  });

  it("turns requests away with an ad that needs no decision when there are too many", async () => {
    const api = await serveWorld(stage, world, { shedding: { requests: 0, lagMs: 1e9 } });
    const { status, body, headers } = await api.post("/v1/decisions", { customer_id: "s-secret-0" });
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("1");
    expect(body.code).toBe("ERR_SERVICE_OVERLOADED");
    expect(body.fallback.creatives[0].url).toMatch(/^\/v1\/creatives\/tiny\//);
    expect((await fetch(api.url + body.fallback.creatives[0].url)).status).toBe(200);
    const asked = createClient(api.url, undefined, { timeoutMs: 60_000 }).decide({ customer_id: "x" });
    await expect(asked).rejects.toMatchObject({ status: 503, fallback: body.fallback });
  });

  it("loads while it listens, takes a new run over, and keeps the old one while the new one is broken", async () => {
    const world = await createWorld(stage, "reload", "crm_consent: accept", people("l", 2));
    await world.run({ customers: ["l-0"] });
    const api = await serveWorld(stage, world, { isAwaited: false });
    expect(await api.post("/v1/decisions", { customer_id: "l-0" })).toMatchObject({
      status: 503,
      body: { code: "ERR_SERVICE_LOADING" },
    });
    await api.service.ready;
    expect((await api.get("/readyz")).body.decisions).toBe(1);
    await world.run();
    await expect.poll(async () => (await api.get("/readyz")).body.decisions, { timeout: 60_000 }).toBe(2);
    writeFileSync(join(world.out, "run.json"), "{");
    await expect
      .poll(async () => (await api.get("/readyz")).body.stale, { timeout: 60_000 })
      .toContain("run.json");
    expect((await api.post("/v1/decisions", { customer_id: "l-1" })).body.source).toBe("run");
  });
});

describe("a folder without a finished run", () => {
  it("is refused before anything is written into it", async () => {
    const folder = join(world.out, "nowhere");
    const start = () => startWorld(stage, world, { out: folder });
    await expect(start()).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
    await expect(start()).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a key", () => {
  let keyed: World;
  let own: Api;
  beforeAll(async () => {
    keyed = await createWorld(stage, "keyed", "crm_consent: accept", [
      ["c-17", "30", "NL"],
      ["c-18", "60", "NL"],
    ]);
    await keyed.run();
    own = apiOf(await startWorld(stage, keyed));
    await own.service.ready;
  });
  afterAll(() => own?.service.close());

  it("is needed on this machine once there is one, and has scopes and a limit", async () => {
    expect((await own.post("/v1/decisions", { customer_id: "c-17" })).status).toBe(200);
    const key = createKey(keyed, ["decide"], 4);
    const bearer = { authorization: `Bearer ${key}` };
    // The first key closes the service within a tenth of a second.
    await expect
      .poll(() => own.post("/v1/decisions", { customer_id: "c-17" }), { timeout: 60_000 })
      .toMatchObject({ status: 401, body: { code: "ERR_ACCESS_DENIED" } });
    expect((await own.post("/v1/decisions", { customer_id: "c-17" }, bearer)).status).toBe(200);
    expect(await own.post("/v1/outcomes", { customer_id: "c-17" }, bearer)).toMatchObject({
      status: 403,
      body: { code: "ERR_SCOPE_MISSING" },
    });
    for (let i = 0; i < 4; i++) await own.post("/v1/decisions", { customer_id: "c-17" }, bearer);
    expect((await own.post("/v1/decisions", { customer_id: "c-17" }, bearer)).status).toBe(429);
    expect((await own.get("/healthz")).status).toBe(200);
  });

  it("opens the routes of its scopes to the examples of the guides", async () => {
    const key = createKey(keyed, ["decide", "outcome"]);
    const shop = await runExamples("web-shop.md", {
      api: own,
      key,
      lead: 'const { name } = await adFor("c-17"), orderId = "order-1";',
    });
    expect(await shop("adFor", "c-17")).toMatchObject({
      src: expect.stringMatching(/^http.*\/v1\/creatives\/tiny\//),
      href: "https://lumo.example/samsung",
      name: expect.stringMatching(/^[\w-]{22}$/),
    });
    const queue = await runExamples("queue.md", { api: own, key });
    let acknowledged = 0;
    const messages = [{ body: { customer: "c-18", boughtAt: "2026-11-20T10:00:00Z", total: 12.5 } }];
    const batch = { id: "batch-1", messages, acknowledge: async () => void acknowledged++ };
    await queue("handle", batch);
    await queue("handle", batch);
    expect(acknowledged).toBe(2);

    const braze = readFileSync(join(GUIDES, "braze.md"), "utf8");
    const [, body = ""] = /-d '(.*)'/.exec(braze) ?? [];
    const bearer = { authorization: `Bearer ${key}` };
    const many = await own.post("/v1/decisions", JSON.parse(body), bearer);
    expect(many.body.decisions.map(({ status }: { status: string }) => status)).toEqual(["ad", "ad"]);
    const [, path = ""] = /https:\/\/ads\.example\.com(\/v1\/decisions\/\{\{.*\}\})$/m.exec(braze) ?? [];
    const [first] = many.body.decisions;
    const ad = (await own.get(path.replace(/\{\{.*\}\}/, first.decision), bearer)).body;
    const fields = [...braze.matchAll(/ad\.([\w.[\]]+)/g)].map(([, field = ""]) => field);
    expect(fields).toContain("offer.url");
    for (const field of fields) {
      expect(
        typeof field.split(/[.[\]]+/).reduce((part, name) => (name === "" ? part : part?.[name]), ad),
      ).toBe("string");
    }
    const records = openRecords(keyed.out);
    expect([...records.outcomes()]).toMatchObject([
      { customerId: "c-17", value: 49.9 },
      { customerId: "c-18", value: 12.5, at: new Date("2026-11-20T10:00:00Z") },
    ]);
    expect([...records.exposures()]).toMatchObject([{ customerId: "c-17" }]);
    records.close();
  });
});
