import type { IncomingMessage, ServerResponse } from "node:http";
import fastifyCookie from "@fastify/cookie";
import fastifyRateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import fastifySwagger from "@fastify/swagger";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawServerDefault,
  type FastifyRequest as Request,
} from "fastify";
import { jsonSchemaTransform, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { AccessKey } from "../../trust/index.ts";

export type { FastifyReply as Reply, FastifyRequest as Request } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** The key that the request came with; null: none. */
    caller: AccessKey | null;
  }
}

/** The server; its routes get their types from their zod schemas. */
export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface HttpOptions {
  readonly version: string;
  /** Addresses of proxies in front whose `x-forwarded-for` is believed; a number of hops could be forged. */
  readonly trustedProxies: readonly string[];
  /** Where log lines go, as JSON; null: nowhere. */
  readonly log: { write(line: string): void } | null;
}

export const MAX_BODY_BYTES = 256 * 1024;

/** The adapter of fastify and its plugins. */
export async function createHttp({ version, trustedProxies, log }: HttpOptions): Promise<Http> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    // Node looks every half minute by default, which would let a slow body take three times as long.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1000 },
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    maxRequestsPerSocket: 0,
    routerOptions: { maxParamLength: 300 },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    return503OnClosing: true,
    // Addresses that no route can have; the framework's own answer would repeat them.
    frameworkErrors: ({ statusCode = 400 }, _, { raw }) => {
      raw.writeHead(statusCode, { "content-type": "application/json", "cache-control": "no-store" });
      raw.end(JSON.stringify(UNREADABLE));
    },
    // Addresses and bodies name people: what is logged of a request is written by `logRequests`.
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for each request costs as much as the line: `logRequests` adds the number where it is needed.
    childLoggerFactory: (logger) => logger,
    logger: log === null ? false : { level: "info", stream: log, base: null, timestamp: isoTime },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(compileValidator);
  // Tests check answers against the schemas, so requests need no check.
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
    transform: jsonSchemaTransform,
  });
  await app.register(fastifyCookie);
  app.decorateRequest("caller", null);
  return app;
}

const UNREADABLE = {
  code: "ERR_ROUTE_UNKNOWN",
  message: "Expected an address of this service",
  hint: "See /docs for the list.",
};

/** All headers that schemas name are optional: most requests have none of them, and need no check. */
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

/** Limits per caller. */
export async function addLimits(
  app: Http,
  limits: {
    readonly keyOf: (request: Request) => string;
    readonly perMinute: (request: Request) => number;
  },
): Promise<void> {
  await app.register(fastifyRateLimit, {
    global: true,
    hook: "onRequest",
    timeWindow: 60_000,
    cache: 10_000,
    keyGenerator: (request) => limits.keyOf(request),
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

/** Of many lines in one millisecond, one makes the text. */
let lastTime = { at: Number.NaN, text: "" };

function isoTime(): string {
  const at = Date.now();
  if (at !== lastTime.at) lastTime = { at, text: `,"time":"${new Date(at).toISOString()}"` };
  return lastTime.text;
}
