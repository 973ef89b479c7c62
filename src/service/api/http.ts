import type { IncomingMessage, ServerResponse } from "node:http";
import fastifyCookie, { type SerializeOptions } from "@fastify/cookie";
import fastifyRateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import fastifySwagger from "@fastify/swagger";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawServerDefault,
  type FastifyReply as Reply,
  type FastifyRequest as Request,
} from "fastify";
import { jsonSchemaTransform, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AccessKey } from "../../trust/index.ts";
import { problem } from "./schemas.ts";
import { isoTime } from "./time.ts";

export type { Reply, Request };

declare module "fastify" {
  interface FastifyRequest {
    /** The entry of the request's key; null: it has none. */
    caller: AccessKey | null;
  }
}

/** The server. Routes get their types from their zod schemas. */
export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface LogStream {
  write(line: string): void;
}

export interface HttpOptions {
  readonly version: string;
  /** Addresses of proxies whose `x-forwarded-for` is trusted; a number of hops could be forged. */
  readonly trustedProxies: readonly string[];
  /** Receives log lines as JSON; null: no log. */
  readonly log: LogStream | null;
}

export const MAX_BODY_BYTES = 256 * 1024;

/** The adapter of fastify and its plugins. */
export async function createHttp({ version, trustedProxies, log }: HttpOptions): Promise<Http> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    // Node checks every 30 s by default, so a slow body could take three times as long as it may.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1000 },
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    maxRequestsPerSocket: 0,
    routerOptions: { maxParamLength: 300 },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    return503OnClosing: true,
    // For addresses that no route can have; the framework's own answer would repeat the address.
    frameworkErrors: ({ statusCode = 400 }, _, { raw }) => {
      raw.writeHead(statusCode, { "content-type": "application/json", "cache-control": "no-store" });
      raw.end(JSON.stringify(UNREADABLE));
    },
    // Addresses and bodies identify people: only `logRequests` logs requests.
    logController: new LogController({ disableRequestLogging: true }),
    // A logger per request costs as much as its line: `logRequests` adds the request's id if it is needed.
    childLoggerFactory: (logger) => logger,
    logger:
      log === null
        ? false
        : { level: "info", stream: log, base: null, timestamp: () => `,"time":"${isoTime()}"` },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  // Tests check the answers against their schemas, so the server does not.
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "lookalike",
        version,
        description: "Which ad for this customer, now? Decisions, creatives, outcomes and consent.",
      },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    },
    transform: (route) => jsonSchemaTransform({ ...route, schema: withCommonAnswers(route.schema) }),
  });
  // Without its hooks, which would run for every request: see `cookieOf` and `setCookie`.
  await app.register(fastifyCookie, { hook: false });
  app.decorateRequest("caller", null);
  return app;
}

/** Answers of every route that needs a key. */
const COMMON_ANSWERS = { 401: problem, 403: problem, 429: problem };

function withCommonAnswers(schema: Parameters<typeof jsonSchemaTransform>[0]["schema"]): typeof schema {
  if (schema?.security === undefined) return schema;
  const own = typeof schema.response === "object" ? schema.response : {};
  return { ...schema, response: { ...own, ...COMMON_ANSWERS } };
}

/** A cookie of a request; undefined: it has none of this name. */
export function cookieOf({ server, headers }: Request, name: string): string | undefined {
  return headers.cookie === undefined ? undefined : server.parseCookie(headers.cookie)[name];
}

/** Sets the one cookie of an answer. */
export function setCookie(
  reply: Reply,
  { name, value, ...options }: SerializeOptions & { readonly name: string; readonly value: string },
): Reply {
  return reply.header("set-cookie", reply.server.serializeCookie(name, value, options));
}

const UNREADABLE = {
  code: "ERR_ROUTE_UNKNOWN",
  message: "Expected an address of this service",
  hint: "See /docs for the list.",
};

/** All headers in schemas are optional, and most requests have none of them: those are not validated. */
function compileValidator(
  route: Parameters<typeof validatorCompiler>[0],
): ReturnType<typeof validatorCompiler> {
  const validate = validatorCompiler(route);
  const { httpPart, schema } = route;
  if (httpPart !== "headers" || !(schema instanceof z.ZodObject)) return validate;
  const names = Object.keys(schema.shape);
  return (headers) =>
    names.every((name) => headers[name] === undefined) ? { value: headers } : validate(headers);
}

export interface Limits {
  /** Requests with the same key share a limit. */
  readonly keyOf: (request: Request) => string;
  /** Infinity: no limit. */
  readonly perMinute: (request: Request) => number;
}

/** Limits the requests per caller. */
export async function addLimits(app: Http, limits: Limits): Promise<void> {
  await app.register(fastifyRateLimit, {
    global: true,
    hook: "onRequest",
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: (request) => limits.keyOf(request),
    allowList: (request) => limits.perMinute(request) === Number.POSITIVE_INFINITY,
    max: (request) => limits.perMinute(request),
    addHeadersOnExceeding: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
    },
    errorResponseBuilder: (_, { after }) =>
      Object.assign(new Error(`Expected fewer requests of this key; the next is answered in ${after}`), {
        statusCode: 429,
        code: "ERR_RATE_LIMIT",
      }),
  });
}

/** Serves files below a folder through `reply.sendFile`. */
export async function addFiles(app: Http, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    serve: false,
    decorateReply: true,
    cacheControl: false,
    lastModified: false,
    etag: true,
  });
}
