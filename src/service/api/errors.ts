import { type ErrorCode, isLookalikeError, LookalikeError } from "../../core/index.ts";
import type { ApiContext } from "./context.ts";
import { fallbackOf } from "./fallback.ts";
import { type Http, MAX_BODY_BYTES } from "./http.ts";

/** HTTP status by error code; all other errors are 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  ERR_OPTION_INVALID: 400,
  ERR_FEATURE_INVALID: 400,
  ERR_FEATURE_MISSING: 400,
  ERR_CUSTOMER_UNKNOWN: 404,
  ERR_CUSTOMER_ERASED: 410,
  ERR_ACCESS_DENIED: 401,
  ERR_SCOPE_MISSING: 403,
  ERR_REQUEST_FOREIGN: 403,
  ERR_REVIEW_CONFLICT: 409,
  ERR_REQUEST_REUSED: 422,
  ERR_RUN_BUSY: 503,
  ERR_OUTPUT_UNWRITABLE: 503,
  ERR_STORE_BUSY: 503,
  ERR_SERVICE_LOADING: 503,
};

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Errors that need no operator: they end without help. */
const TEMPORARY: ReadonlySet<string> = new Set<ErrorCode>([
  "ERR_SERVICE_LOADING",
  "ERR_STORE_BUSY",
  "ERR_RUN_BUSY",
]);

/**
 * Answers every error as JSON with code, message and hint. Errors that the operator must fix are logged and not shown.
 * If no decision can be made or stored, the answer has a fallback ad that needs no decision.
 */
export function handleErrors(app: Http, context: Pick<ApiContext, "responder" | "mayShowFile">): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, ...body } = problemOf(error);
    const route = request.routeOptions.url ?? "";
    if (status >= 500 && !TEMPORARY.has(body.code)) {
      request.log.error({ id: request.id, route, error: describe(error) }, body.code);
    }
    if (status === 503) reply.header("retry-after", "1");
    if (status === 401) reply.header("www-authenticate", "Bearer");
    const isDecision = status === 503 && route.startsWith("/v1/decisions");
    const answer = isDecision ? { ...body, fallback: fallbackOf(context) } : body;
    return reply.code(status).header("cache-control", "no-store").send(answer);
  });
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).header("cache-control", "no-store").send({
      code: "ERR_ROUTE_UNKNOWN",
      message: "Expected an address of this service",
      hint: "See /docs for the list.",
    }),
  );
}

function problemOf(error: unknown): Problem {
  if (isLookalikeError(error)) {
    const status = STATUS[error.code] ?? 500;
    if (status < 500 || error.code === "ERR_SERVICE_LOADING") return { status, ...error.toJSON() };
    // The message contains file names of the server.
    return { status, code: error.code, ...(TEMPORARY.has(error.code) ? BUSY : UNSHOWN) };
  }
  const {
    statusCode,
    code = "",
    message,
    validation,
  } = error as {
    readonly statusCode?: number;
    readonly code?: string;
    readonly message: string;
    readonly validation?: readonly Issue[];
  };
  if (validation !== undefined) {
    const where = validation.map(wordsOf);
    return {
      status: 400,
      code: "ERR_OPTION_INVALID",
      message: `Expected a valid request but received ${where.slice(0, 5).join("; ")}`,
      hint: "See /docs for the request schema.",
    };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    // A key such as `__proto__` has no code.
    const body = code === "" || code.startsWith("FST_ERR_CTP") ? BODIES[statusCode] : undefined;
    return { status: statusCode, ...(body ?? { code: code.replace(/^FST_/, ""), message, hint: "" }) };
  }
  return { status: 500, code: "ERR_UNFORESEEN", ...UNSHOWN };
}

/** Bodies that the framework rejects before they are validated, by status. */
const BODIES: Readonly<Record<number, Omit<Problem, "status">>> = {
  400: {
    code: "ERR_OPTION_INVALID",
    message: "Expected a body in JSON",
    hint: "See /docs for the request schema.",
  },
  413: {
    code: "ERR_OPTION_INVALID",
    message: `Expected a body of at most ${MAX_BODY_BYTES / 1024} kB`,
    hint: "Divide the batch among several requests.",
  },
  415: {
    code: "ERR_OPTION_INVALID",
    message: "Expected the header content-type: application/json",
    hint: "See /docs for the request schema.",
  },
};

interface Issue {
  readonly instancePath: string;
  readonly message?: string;
  /** For a body that may have several forms and has none of them: the problems of each form. */
  readonly params?: { readonly errors?: readonly (readonly FormIssue[])[] };
}

interface FormIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function wordsOf({ instancePath, message, params }: Issue): string {
  const forms = (params?.errors ?? []).flatMap(([first]) => first ?? []);
  if (forms.length === 0) return `${instancePath === "/" ? "the body" : instancePath}: ${message}`;
  const words = forms.map(({ path, message: own }) =>
    path.length === 0 ? own : `${path.map(String).join("/")}: ${own}`,
  );
  return [...new Set(words)].join(", or ");
}

const BUSY = { message: "Another process is writing the files of this run", hint: "Retry in a second." };
const UNSHOWN = { message: "The service has a problem; its log says which", hint: "Retry later." };

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** @param reason what is not loaded yet */
export function loading(reason: string): LookalikeError {
  return new LookalikeError("ERR_SERVICE_LOADING", reason, { hint: "Retry in a second." });
}

export function noRegistry(): LookalikeError {
  return new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    "Expected a campaign with a consent registry but it has none",
    { hint: "Add a privacy section to campaign.yaml, then restart the service." },
  );
}
