import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Question } from "../../learning/index.ts";
import { cannotListen } from "../listen.ts";
import { ASSET_NAME } from "../pages.ts";
import { answerOf, cookieOf, isSame, readBody, refuse, sendJson, sendPage, sendPhoto } from "./http.ts";
import type { JudgeSession } from "./session.ts";

/** The state of the page after each answer. */
export interface JudgeView {
  readonly done: number;
  readonly total: number;
  /** null: all questions are answered. */
  readonly question: Pick<Question, "probe" | "left" | "right"> | null;
}

export interface JudgeServer {
  /** Contains a token that is valid for one visit. */
  readonly url: string;
  /** Resolves when all questions are answered. */
  readonly finished: Promise<void>;
  close(): Promise<void>;
}

export interface JudgeServerOptions {
  readonly session: JudgeSession;
  /** The face of a photo as JPEG; null: the session has no such photo. */
  readonly photo: (hash: string) => Promise<Uint8Array | null>;
  /** Default: any free port. */
  readonly port?: number | undefined;
}

/**
 * Serves the page of `lookalike judge` on 127.0.0.1. The URL contains a token that is valid for one visit; after that, a
 * cookie that scripts cannot read opens the page. Requests with other host names are rejected, so that no other web page
 * can call the server.
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
    // The rater must not know whether it is a repeated or a catch question.
    const { probe, left, right } = open.question;
    return { total, done: open.done, question: { probe, left, right } };
  };

  async function route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === "/" && token !== null && isSame(url.searchParams.get("token"), token)) {
      token = null;
      const cookie = `judge=${secret}; HttpOnly; SameSite=Strict; Path=/`;
      response.writeHead(303, { location: "/", "set-cookie": cookie }).end();
      return;
    }
    if (!isSame(cookieOf(request), secret))
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
