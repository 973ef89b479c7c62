import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readPageFile } from "../pages.ts";

/** Requests and responses of the judge's page: Node's own server is enough for one rater on one machine. */

/** Longest body that is read; the rest is an invalid answer. */
const MOST_BYTES = 200;

/** In constant time. */
export function isSame(given: string | null, secret: string): boolean {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function cookieOf({ headers }: IncomingMessage): string | null {
  return /(?:^|;\s*)judge=([\w-]+)/.exec(headers.cookie ?? "")?.[1] ?? null;
}

export function answerOf(body: string): "left" | "right" | "skip" | null {
  const [, answer] = /^\{"answer":"(left|right|skip)"\}$/.exec(body) ?? [];
  return answer === "left" || answer === "right" || answer === "skip" ? answer : null;
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MOST_BYTES) return "";
  }
  return body;
}

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

export async function sendPage(response: ServerResponse, name: string): Promise<void> {
  const file = await readPageFile(name);
  if (file === null) refuse(response, 404, "This page was not built: run `npm run build` first.");
  else response.writeHead(200, file.headers).end(file.bytes);
}

export function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...HEADERS, "content-type": "application/json" }).end(JSON.stringify(value));
}

export function sendPhoto(response: ServerResponse, jpeg: Uint8Array | null): void {
  if (jpeg === null) refuse(response, 404, "There is no such photo.");
  else response.writeHead(200, { ...HEADERS, "content-type": "image/jpeg" }).end(jpeg);
}

export function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8" }).end(message);
}
