import { LookalikeError } from "../../../core/index.ts";
import { cookieOf, type Http, setCookie } from "../../api/http.ts";
import * as schemas from "../schemas.ts";
import { SESSION_COOKIE } from "../sessions.ts";
import { hidden, type ReviewContext } from "./context.ts";

/** Routes to sign in with a key, and to sign out. */
export function addSessions(app: Http, { access, sessions, now }: ReviewContext): void {
  app.post(
    "/review/api/login",
    { schema: { ...hidden, body: schemas.login }, config: { rateLimit: { max: 20 } } },
    async (request, reply) => {
      const key = access.verify(request.body.key);
      if (key === null || !key.scopes.includes("review")) throw wrongKey();
      const { cookie, csrf } = sessions.open(key, now());
      setCookie(reply, {
        name: SESSION_COOKIE,
        value: cookie,
        path: "/review",
        httpOnly: true,
        sameSite: "strict",
        secure: request.protocol === "https",
      });
      return { name: key.name, scopes: [...key.scopes], csrf };
    },
  );
  app.post("/review/api/logout", { schema: hidden }, async (_, reply) => {
    setCookie(reply, { name: SESSION_COOKIE, value: "", path: "/review", expires: new Date(0) });
    return {};
  });
  app.get("/review/api/me", { schema: hidden, onRequest: access.needs("review") }, async (request) => {
    const key = request.caller;
    const cookie = cookieOf(request, SESSION_COOKIE);
    const csrf = cookie === undefined ? "" : sessions.csrfOf(cookie);
    return { name: key?.name ?? "", scopes: [...(key?.scopes ?? [])], csrf };
  });
}

function wrongKey(): LookalikeError {
  return new LookalikeError(
    "ERR_ACCESS_DENIED",
    "Expected a key with the scope review but received another",
    {
      hint: "Get a key from the operator of the service: lookalike token create --scope review --name <you>",
    },
  );
}
