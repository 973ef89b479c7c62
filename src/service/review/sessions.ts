import { createHmac, randomBytes } from "node:crypto";
import type { AccessKey, AccessKeys } from "../../trust/index.ts";
import { isSameHash } from "../../trust/index.ts";
import { cookieOf, type Request } from "../api/http.ts";

export const SESSION_COOKIE = "lookalike_session";
const CSRF_HEADER = "x-csrf-token";
/** A working day, with breaks. */
const SESSION_MS = 10 * 3_600_000;

/** Sessions of the review pages: a signed cookie names the key, and changes need a CSRF token. */
export interface Sessions {
  /** @returns the cookie's value and the token that the page sends with every change */
  open(key: AccessKey, now: Date): { readonly cookie: string; readonly csrf: string };
  /** The key of a request's session; null: no session, expired, revoked, or a change without the token. */
  keyOf(request: Request): AccessKey | null;
  csrfOf(cookie: string): string;
}

export function createSessions(keys: AccessKeys, now: () => Date): Sessions {
  const sign = (purpose: string, text: string) =>
    createHmac("sha256", keys.secret)
      .update(JSON.stringify([purpose, text]))
      .digest("base64url");
  const csrfOf = (cookie: string) => sign("csrf", cookie);
  return {
    csrfOf,
    open({ id }, at) {
      const text = `${id}.${at.getTime() + SESSION_MS}.${randomBytes(9).toString("base64url")}`;
      const cookie = `${text}.${sign("session", text)}`;
      return { cookie, csrf: csrfOf(cookie) };
    },
    keyOf(request) {
      const cookie = cookieOf(request, SESSION_COOKIE) ?? "";
      const at = cookie.lastIndexOf(".");
      const [text, signature] = [cookie.slice(0, Math.max(0, at)), cookie.slice(at + 1)];
      if (text === "" || !isSameHash(sign("session", text), signature)) return null;
      const [id = "", expiry = "0"] = text.split(".");
      if (Number(expiry) <= now().getTime()) return null;
      const isChange = request.method !== "GET" && request.method !== "HEAD";
      const token = request.headers[CSRF_HEADER];
      if (isChange && !isSameHash(csrfOf(cookie), typeof token === "string" ? token : "")) return null;
      return keys.list().find((key) => key.id === id && !isExpired(key, now())) ?? null;
    },
  };
}

function isExpired({ expiresAt }: AccessKey, now: Date): boolean {
  return expiresAt !== null && expiresAt.getTime() <= now.getTime();
}
