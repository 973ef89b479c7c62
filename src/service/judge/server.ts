import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Question } from "../../learning/index.ts";
import { cannotListen } from "../listen.ts";
import { ASSET_NAME, readPageFile } from "../pages.ts";
import type { JudgeSession } from "./session.ts";

/** What the page receives after each answer. */
export interface JudgeView {
  readonly done: number;
  readonly total: number;
  /** null: all are answered. */
  readonly question: Pick<Question, "probe" | "left" | "right"> | null;
}

export interface JudgeServer {
  /** With a token that is good for one visit. */
  readonly url: string;
  /** Settles when all questions are answered. */
  readonly finished: Promise<void>;
  close(): Promise<void>;
}

export interface JudgeServerOptions {
  readonly session: JudgeSession;
  /** A JPEG of the face of a photo of the session; null: none of its photos. */
  readonly photo: (hash: string) => Promise<Uint8Array | null>;
  /** Default: any that is free. */
  readonly port?: number | undefined;
}

const MOST_BYTES = 200;

/**
 * Serves the judge's page on 127.0.0.1. The URL contains a token that is valid for one visit; after that, a cookie that
 * scripts cannot read opens the page. Requests with other host names are rejected, so that no web page can call the server.
 *
 * @example
 * const server = await startJudge({ session, photo: async (hash) => jpegs.get(hash) ?? null });
 * console.log(server.url);
 */
export async function startJudge({ session, photo, port = 0 }: JudgeServerOptions): Promise<JudgeServer> {
  const secret = randomBytes(24).toString("base64url");
  let token: string | null = randomBytes(24).toString("base64url");
  const first = token;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const state = (): JudgeView => {
    const { total } = session;
    const open = session.current();
    if (open === null) return { total, done: total, question: null };
    // Whether it is a repeated or a catch question is not for the rater to know.
    const { probe, left, right } = open.question;
    return { total, done: open.done, question: { probe, left, right } };
  };

  async function route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === "/" && token !== null && same(url.searchParams.get("token"), token)) {
      token = null;
      const cookie = `judge=${secret}; HttpOnly; SameSite=Strict; Path=/`;
      response.writeHead(303, { location: "/", "set-cookie": cookie }).end();
      return;
    }
    if (!same(cookieOf(request), secret))
      return refuse(response, 403, "Open the address that the command printed.");
    const { pathname } = url;
    const asset = /^\/review\/assets\/([^/]+)$/.exec(pathname)?.[1] ?? "";
    if (request.method === "GET" && ASSET_NAME.test(asset)) return sendPage(response, `assets/${asset}`);
    const action = `${request.method} ${pathname.replace(/^\/photo\/[0-9a-f]{64}$/, "/photo")}`;
    switch (action) {
      case "GET /":
        return sendPage(response, "judge.html");
      case "GET /question":
        return sendJson(response, state());
      case "GET /photo":
        return sendPhoto(response, await photo(pathname.slice("/photo/".length)));
      case "POST /answer": {
        const answer = answerOf(await readBody(request));
        if (answer === null) return refuse(response, 400, "Expected left, right or skip.");
        await session.answer(answer);
        if (session.current() === null) finish();
        return sendJson(response, state());
      }
      case "POST /undo":
        await session.undo();
        return sendJson(response, state());
      default:
        return refuse(response, 404, "There is nothing here.");
    }
  }

  const server = createServer((request, response) => {
    const host = request.headers.host ?? "";
    const origin = request.headers.origin;
    const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (host !== own || (origin !== undefined && origin !== `http://${own}`))
      return refuse(response, 403, "Open the address that the command printed.");
    route(request, response, new URL(request.url ?? "/", `http://${own}`)).catch((error: Error) =>
      refuse(response, 500, error.message),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(cause, `127.0.0.1:${port}`)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${first}`,
    finished,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function same(given: string | null, secret: string): boolean {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function cookieOf({ headers }: IncomingMessage): string | null {
  return /(?:^|;\s*)judge=([\w-]+)/.exec(headers.cookie ?? "")?.[1] ?? null;
}

function answerOf(body: string): "left" | "right" | "skip" | null {
  const [, answer] = /^\{"answer":"(left|right|skip)"\}$/.exec(body) ?? [];
  return answer === "left" || answer === "right" || answer === "skip" ? answer : null;
}

async function readBody(request: IncomingMessage): Promise<string> {
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

async function sendPage(response: ServerResponse, name: string): Promise<void> {
  const file = await readPageFile(name);
  if (file === null) refuse(response, 404, "This page was not built: run `npm run build` first.");
  else response.writeHead(200, file.headers).end(file.bytes);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...HEADERS, "content-type": "application/json" }).end(JSON.stringify(value));
}

function sendPhoto(response: ServerResponse, jpeg: Uint8Array | null): void {
  if (jpeg === null) refuse(response, 404, "There is no such photo.");
  else response.writeHead(200, { ...HEADERS, "content-type": "image/jpeg" }).end(jpeg);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8" }).end(message);
}
