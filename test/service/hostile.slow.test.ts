import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createWorld, openStage, type Stage, type World } from "../campaign/world.ts";
import { type Api, apiOf, createKey, serveWorld, startWorld } from "./open.ts";

/** What callers from outside send by mistake or on purpose. */

let stage: Stage;
let world: World;
let api: Api;
/** Called for each portrait that the service opens. */
let onPortrait: (photo: string) => void | Promise<void> = () => {};
beforeAll(async () => {
  stage = await openStage();
  world = await createWorld(stage, "hostile", "crm_consent: accept", people("h", 3));
  await world.run({ customers: ["h-0"] });
  api = apiOf(await startWorld(stage, world, { onDecode: (photo) => onPortrait(photo) }));
  await api.service.ready;
});
afterAll(async () => {
  await api?.service.close();
  await stage?.close();
});

const people = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => [`${prefix}-${i}`, String(20 + 15 * i), "NL"] as const);

const decide = (customer_id: string, features: Record<string, unknown> = { age: 70 }) =>
  api.post("/v1/decisions", { customer_id, features });

describe("ids", () => {
  it("with U+0000 are people of their own, and both spellings of an accent are one", async () => {
    const names = new Map<string, string>();
    for (const id of ["a", "a\0b", "a\0c", "\0", "Jose\u0301", "Jos\u00e9"]) {
      const { status, body } = await decide(id);
      expect(status, JSON.stringify(id)).toBe(200);
      // Its own words may be drawn meanwhile: the offer stays, whatever the next request says.
      const { offer, decision } = body;
      expect((await decide(id, { age: 20 })).body).toMatchObject({ offer, decision });
      await api.service.idle();
      expect((await decide(id, { age: 20 })).body).toMatchObject({ offer, decision, is_final: true });
      expect((await api.get(`/v1/decisions/${decision}`)).body).toMatchObject({ offer, decision });
      names.set(id, body.decision);
    }
    expect(new Set(names.values()).size).toBe(5);
    expect(names.get("Jose\u0301")).toBe(names.get("Jos\u00e9"));
  });

  it.each(["\ud800", "a\udfffb", "", " \u00a0", "x".repeat(201)])("%j is rejected everywhere", async (id) => {
    for (const path of ["/v1/decisions", "/v1/outcomes", "/v1/exposures", "/v1/consents/withdraw"]) {
      expect(await api.post(path, { customer_id: id }), path).toMatchObject({
        status: 400,
        body: { code: "ERR_OPTION_INVALID" },
      });
    }
  });
});

describe("bodies", () => {
  const send = async (path: string, body: string | Buffer) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(api.url + path, { method: "POST", headers, body });
    return { status: response.status, body: await response.text() };
  };

  it.each([
    '{"customer_id":"h-1","customer_id":"h-2"}',
    '{"customer_id":"h-1","\\u0063ustomer_id":"h-2"}',
    '{"customer_id":"h-1","purpose":"photo","purpose" : "network"}',
  ])("with a key twice are rejected and change nothing: %s", async (body) => {
    const before = world.consents.version;
    const answer = await send("/v1/consents/withdraw", body);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining("ERR_OPTION_INVALID") });
    expect(world.consents.version).toBe(before);
  });

  it("with a key twice are rejected within lists and features, and colons in texts are no keys", async () => {
    const twice = '{"customers":[{"customer_id":"q-1"},{"customer_id":"q-2","features":{"age":1,"age":2}}]}';
    expect(await send("/v1/decisions", twice)).toMatchObject({ status: 400 });
    const fine = JSON.stringify({ customer_id: 'a": \\ "b":', features: { age: 70 } });
    expect(await send("/v1/decisions", fine)).toMatchObject({ status: 200 });
  });

  it("in another encoding are rejected, because they would name another person", async () => {
    const before = world.consents.version;
    const body = Buffer.from('{"customer_id":"Jos\u00e9"}', "latin1");
    expect(await send("/v1/consents/withdraw", body)).toMatchObject({ status: 400 });
    expect(await send("/v1/consents/withdraw", "\ufeff{}")).toMatchObject({ status: 400 });
    for (const text of ["no JSON", "", "[".repeat(100_000)]) {
      const answer = await send("/v1/consents/withdraw", text);
      expect(answer).toMatchObject({
        status: 400,
        body: expect.stringMatching(/ERR_OPTION_INVALID.*See \/docs/),
      });
    }
    expect(world.consents.version).toBe(before);
  });

  it("for erasure name ids of every length and script in the address", async () => {
    for (const id of ["\u00e9".repeat(200), "\u{1f600}".repeat(100), "a/b?c#d%"]) {
      expect(await api.send("DELETE", `/v1/customers/${encodeURIComponent(id)}`), id).toMatchObject({
        status: 200,
        body: { known: false },
      });
      expect(world.consents.isErased(id)).toBe(true);
    }
  });
});

describe("mistakes of one caller", () => {
  it("do not fail requests that arrive at the same moment", async () => {
    const wrong = [{ age: "old" }, { agee: 3 }, { age: "1e999" }];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => decide(`m-${i}`, wrong[i % 12] ?? { age: 20 + i })),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      answers.map((_, i) => (wrong[i % 12] === undefined ? 200 : 400)),
    );
  });

  it("in a batch of 1,000 name the place and have no effect", async () => {
    const customers = (ageOf: (i: number) => unknown) =>
      Array.from({ length: 1000 }, (_, i) => ({ customer_id: `p-${i}`, features: { age: ageOf(i) } }));
    const bad = await api.post("/v1/decisions", { customers: customers((i) => (i === 741 ? "x" : 70)) });
    expect(bad).toMatchObject({ status: 400, body: { code: "ERR_FEATURE_INVALID" } });
    expect(bad.body.message).toMatch(/^customers\[741\]: /);
    const good = await api.post("/v1/decisions", { customers: customers(() => 20) });
    // Those of the rejected batch were decided for now, from what is sent now.
    expect(new Set(good.body.decisions.map(({ offer }: { offer: { id: string } }) => offer.id))).toEqual(
      new Set(["samsung"]),
    );
  });

  it("leave one decision for a customer who is asked for twice at once with other columns", async () => {
    for (const id of ["twice-1", "twice-2"]) {
      const both = await Promise.all([decide(id, { age: 70 }), decide(id, { age: 20 })]);
      const [first, second] = both.map(({ body }) => body.offer);
      expect(second).toEqual(first);
      await api.service.idle();
      expect((await decide(id)).body.offer).toEqual(first);
    }
  });

  it("such as a body that never ends leave the service as it was", async () => {
    const { port, hostname } = new URL(api.url);
    const head = `POST /v1/decisions HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n`;
    for (const rest of [
      "content-length: 500\r\n\r\n{",
      "transfer-encoding: chunked\r\n\r\nzz\r\n",
      "\0\0\r\n\r\n",
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(head + rest, () => socket.destroy());
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve());
      });
    }
    expect((await decide("after")).status).toBe(200);
  });
});

describe("a batch of 1,000 who must be decided for", () => {
  it("lets stored decisions be answered before its end", async () => {
    const customers = Array.from({ length: 1000 }, (_, i) => ({
      customer_id: `slice-${i}`,
      features: { age: 18 + (i % 60) },
    }));
    let isDone = false;
    const batch = api.post("/v1/decisions", { customers }).then((answer) => {
      isDone = true;
      return answer;
    });
    let between = 0;
    while (!isDone) {
      expect((await api.post("/v1/decisions", { customer_id: "h-0" })).body.source).toBe("run");
      if (!isDone) between++;
    }
    const { status, body } = await batch;
    expect(status).toBe(200);
    expect(body.decisions).toHaveLength(1000);
    expect(body.decisions.every(({ source }: { source: string }) => source === "computed")).toBe(true);
    // 40 slices, each with several turns of the event loop: about 120 answers, and 9 where the batch is one slice.
    expect(between).toBeGreaterThan(30);
  });
});

describe("two services of one run", () => {
  it("answer alike, even to a customer who asks both at once with other columns", async () => {
    const other = await serveWorld(stage, world);
    for (let i = 0; i < 10; i++) {
      const ask = (one: Api, age: number) =>
        one.post("/v1/decisions", { customer_id: `both-${i}`, features: { age } });
      const [a, b] = await Promise.all([ask(api, 70), ask(other, 20)]);
      expect(b.body.offer).toEqual(a.body.offer);
      await Promise.all([api.service.idle(), other.service.idle()]);
      expect((await ask(other, 20)).body).toMatchObject({ offer: a.body.offer, is_final: true });
      expect((await ask(api, 70)).body).toEqual((await ask(other, 20)).body);
    }
  });
});

describe("an offer with a budget", () => {
  it("goes to no more customers than it has, however many are asked for at once", async () => {
    const own = await createWorld(stage, "budget", "crm_consent: accept", people("u", 2));
    const offers = own.campaign.offers.map((offer) =>
      offer.id === "apple" ? { ...offer, budget: 7 } : offer,
    );
    const campaign = { ...own.campaign, offers };
    await own.run({ campaign, customers: ["u-0"] });
    const limited = await serveWorld(stage, { ...own, campaign });
    const customers = Array.from({ length: 60 }, (_, i) => ({
      customer_id: `w-${i}`,
      features: { age: 70 },
    }));
    const singles = Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        limited.post("/v1/decisions", { customer_id: `v-${i}`, features: { age: 70 } }),
      ),
    );
    const { body } = await limited.post("/v1/decisions", { customers });
    const given = [...body.decisions, ...(await singles).map((answer) => answer.body)];
    const apple = given.filter(({ offer }) => offer.id === "apple");
    // One of them may be the customer of the run.
    expect(apple.length).toBeGreaterThan(5);
    expect(apple.length).toBeLessThan(8);
  });
});

describe("an Idempotency-Key", () => {
  it("belongs to its caller, its route and its body", async () => {
    const headers = { "idempotency-key": "k-1" };
    const first = { customer_id: "h-0", value: 1 };
    expect((await api.post("/v1/outcomes", first, headers)).body).toMatchObject({ repeated: false });
    expect((await api.post("/v1/outcomes", first, headers)).body).toMatchObject({ repeated: true });
    const other = await api.post("/v1/outcomes", { customer_id: "h-0", value: 2 }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: "ERR_REQUEST_REUSED" } });
    expect((await api.post("/v1/exposures", { customer_id: "h-0" }, headers)).body).toMatchObject({
      accepted: 1,
      repeated: false,
    });
    expect((await api.post("/v1/decisions", { customer_id: "h-0" }, headers)).status).toBe(200);
    expect((await api.post("/v1/decisions", { customer_id: "h-1" }, headers)).status).toBe(422);
  });
});

describe("a portrait in the queue", () => {
  it("leads to no look-alike when its consent is withdrawn before the ad is drawn", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    onPortrait = () => held;
    onTestFinished(() => {
      release();
      onPortrait = () => {};
    });
    const ask = () => api.post("/v1/decisions", { customer_id: "h-1" });
    expect((await ask()).body).toMatchObject({ photo: { reason: "pending" } });
    expect((await api.post("/v1/consents/withdraw", { customer_id: "h-1" })).status).toBe(200);
    release();
    await api.service.idle();
    expect((await ask()).body.photo).toMatchObject({ basis: "default", reason: "consent_withdrawn" });
  });
});

describe("keys", () => {
  it("open only the routes of their scopes", async () => {
    const own = await createWorld(stage, "scopes", "crm_consent: accept", people("k", 2));
    await own.run();
    const routes = [
      ["decide", "POST", "/v1/decisions"],
      ["outcome", "POST", "/v1/outcomes"],
      ["outcome", "POST", "/v1/exposures"],
      ["review", "GET", "/review/api/ads"],
      ["admin", "POST", "/v1/consents/withdraw"],
      ["admin", "GET", "/metrics"],
      ["admin", "DELETE", "/v1/customers/k-1"],
    ] as const;
    const scopes = ["decide", "outcome", "review", "admin"] as const;
    const keys = scopes.map((scope) => [scope, createKey(own, [scope])] as const);
    const guarded = await serveWorld(stage, own);
    for (const [scope, key] of keys) {
      for (const [needed, method, path] of routes) {
        const { status } = await fetch(guarded.url + path, {
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(method === "POST" ? { "content-type": "application/json" } : {}),
          },
          ...(method === "POST" ? { body: JSON.stringify({ customer_id: "k-0" }) } : {}),
        });
        expect(status, `${scope} on ${path}`).toBe(needed === scope ? 200 : 403);
      }
    }
    for (const wrong of ["", "Bearer ", "Bearer x", `Basic ${keys[0]?.[1]}`, `Bearer ${keys[0]?.[1]}x`]) {
      expect((await guarded.get("/metrics", { authorization: wrong })).status, wrong).toBe(401);
    }
  });
});
