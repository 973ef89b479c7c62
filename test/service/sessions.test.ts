import { describe, expect, it } from "vitest";
import type { Request } from "../../src/service/api/http.ts";
import { createSessions, SESSION_COOKIE } from "../../src/service/review/sessions.ts";
import type { AccessKey, AccessKeys } from "../../src/trust/index.ts";

const HOUR_MS = 3_600_000;
const start = new Date("2026-11-27T08:00:00Z");

function openSession() {
  let at = start;
  const key: AccessKey = {
    id: "3f2a9c01",
    name: "anna",
    scopes: ["review"],
    perMinute: 1000,
    createdAt: start,
    expiresAt: new Date(start.getTime() + 9 * HOUR_MS),
  };
  const lasting: AccessKey = { ...key, id: "77aa0b12", expiresAt: null };
  const entries = [key, lasting];
  const keys = { secret: Buffer.alloc(32, 1), list: () => entries } as unknown as AccessKeys;
  const sessions = createSessions(keys, () => at);
  const request = (method: string, cookie: string, csrf?: string) => {
    const headers = { cookie: `${SESSION_COOKIE}=${cookie}`, "x-csrf-token": csrf };
    const server = { parseCookie: () => ({ [SESSION_COOKIE]: cookie }) };
    return { method, headers, server } as unknown as Request;
  };
  return {
    key,
    lasting,
    entries,
    sessions,
    read: (cookie: string) => sessions.keyOf(request("GET", cookie))?.name ?? null,
    write: (cookie: string, csrf?: string) => sessions.keyOf(request("POST", cookie, csrf))?.name ?? null,
    setHour(hour: number) {
      at = new Date(start.getTime() + hour * HOUR_MS);
    },
  };
}

describe("a session", () => {
  it("ends after ten hours, or with its key", () => {
    const { key, lasting, entries, sessions, read, setHour } = openSession();
    const { cookie } = sessions.open(lasting, start);
    const { cookie: shorter } = sessions.open(key, start);
    setHour(9.99);
    expect([read(cookie), read(shorter)]).toEqual(["anna", null]);
    setHour(10);
    expect(read(cookie)).toBe(null);
    setHour(1);
    expect([read(cookie), read(shorter)]).toEqual(["anna", "anna"]);
    entries.splice(entries.indexOf(lasting), 1);
    expect(read(cookie)).toBe(null);
  });

  it("changes nothing without its own token, and cannot be forged", () => {
    const { lasting, sessions, read, write } = openSession();
    const { cookie, csrf } = sessions.open(lasting, start);
    const other = sessions.open(lasting, start);
    expect(write(cookie, csrf)).toBe("anna");
    for (const wrong of [undefined, "", other.csrf, csrf.slice(1)]) expect(write(cookie, wrong)).toBe(null);
    const [id, expiry, ...rest] = cookie.split(".");
    const longer = [id, Number(expiry) + HOUR_MS, ...rest].join(".");
    for (const forged of ["", ".", cookie.slice(0, -1), longer, `${cookie}.x`])
      expect(read(forged)).toBe(null);
  });
});
