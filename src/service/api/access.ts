import { isIP } from "node:net";
import { LookalikeError } from "../../core/index.ts";
import type { AccessKey, AccessKeys, Scope } from "../../trust/index.ts";
import type { Http, Reply, Request } from "./http.ts";
import { recheck } from "./recheck.ts";

/** A hook with a callback; an async one would cost a promise per request. */
type Hook = (request: Request, reply: Reply, done: (error?: Error) => void) => void;

/** Checks which caller may use which route. */
export interface Access {
  /** Rejects requests without a key of this scope. */
  needs(scope: Scope): Hook;
  /** The entry of a key; null: unknown, expired or revoked. */
  verify(key: string): AccessKey | null;
  /** The caller's name for the audit log. */
  actorOf(request: Request): string;
}

export interface AccessOptions {
  readonly keys: AccessKeys;
  /** Whether callers need a key even if there is none. Otherwise, until there is a key, every caller may do everything. */
  readonly needsKeys: boolean;
  /** Host names of this server in addition to its own addresses. */
  readonly hosts: readonly string[];
  /** The key of a review session; null: the request has no session. */
  readonly sessionOf: (request: Request) => AccessKey | null;
  readonly now: () => Date;
}

/** The caller as long as there are no keys: the user of this machine. */
const LOCAL: AccessKey = {
  id: "local",
  name: "local",
  scopes: ["decide", "outcome", "review", "admin"],
  perMinute: Number.POSITIVE_INFINITY,
  createdAt: new Date(0),
  expiresAt: null,
};

export function addAccess(app: Http, options: AccessOptions): Access {
  const { keys, needsKeys, now, sessionOf } = options;
  const hosts = new Set(["localhost", ...options.hosts.map((host) => host.toLowerCase())]);
  const verified = recheck((key) => keys.verify(key, now()));
  const openness = recheck(() => ({ isOpen: !needsKeys && keys.isEmpty() }));
  let ownHost = "";

  app.addHook("onRequest", (request, _, done) => {
    const { host = "" } = request.headers;
    // Most requests have the same Host header as the one before.
    if (host === "" || host !== ownHost) requireOwnHost(host, hosts);
    ownHost = host;
    requireSameSite(request);
    request.caller = callerOf(request);
    done();
  });

  const callerOf = (request: Request): AccessKey | null => {
    const [, key] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (key !== undefined) return verified(key);
    return sessionOf(request) ?? (openness("")?.isOpen ? LOCAL : null);
  };

  return {
    needs: (scope) => (request, _, done) => {
      const { caller } = request;
      if (caller === null) {
        throw new LookalikeError("ERR_ACCESS_DENIED", "Expected a valid key but received none", {
          hint: "Send `Authorization: Bearer <key>`; create a key with `lookalike token create`.",
        });
      }
      if (caller.scopes.includes(scope)) return done();
      throw new LookalikeError("ERR_SCOPE_MISSING", `Expected a key with the scope ${scope}`, {
        hint: `Create one: lookalike token create --scope ${scope}`,
      });
    },
    verify: (key) => keys.verify(key, now()),
    actorOf: ({ caller }) => caller?.name ?? "unknown",
  };
}

/**
 * Prevents DNS rebinding: another site can make its own host name point to this machine, but it cannot change the Host
 * header that the browser then sends.
 */
function requireOwnHost(header: string, hosts: ReadonlySet<string>): void {
  const name = hostOf(header);
  if (name !== null && (isIP(name) > 0 || hosts.has(name))) return;
  throw new LookalikeError("ERR_REQUEST_FOREIGN", "Expected a Host header with a name of this server", {
    hint: "Add the name with `lookalike serve --host-name <name>`.",
  });
}

function hostOf(header: string): string | null {
  const [, v6, name] = /^(?:\[([0-9a-f:.]+)\]|([^:@/\s]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  return (v6 ?? name)?.toLowerCase() ?? null;
}

/** Rejects changes that a browser sends for a page of another site. */
function requireSameSite({ method, headers }: Request): void {
  if (method === "GET" || method === "HEAD") return;
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return;
  throw new LookalikeError("ERR_REQUEST_FOREIGN", "Expected a request of this server's own pages", {
    hint: "Call the service from your server, not from a page of another site.",
  });
}
