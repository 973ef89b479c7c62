import type {
  AcceptedAnswer,
  DecisionAnswer,
  DecisionRequest,
  ErasedAnswer,
  ExposureRequest,
  FallbackAnswer,
  OutcomeRequest,
  ProblemAnswer,
  ReadyAnswer,
  WithdrawRequest,
} from "./api/schemas.ts";

export interface ClientOptions {
  /** Longest wait for an answer, ms; default 2000, and 30,000 for batches, reports and erasures. */
  readonly timeoutMs?: number | undefined;
  /** Default: the platform's own. */
  readonly fetch?: typeof fetch | undefined;
}

export interface SendOptions {
  /** A request that is sent again with the same key is stored once. */
  readonly idempotencyKey?: string | undefined;
}

/** The API of the service, with the types of its schemas. */
export interface LookalikeClient {
  /** The ad for one customer. */
  decide(request: DecisionRequest): Promise<DecisionAnswer>;
  /** The ads for up to 1,000 customers, in order. */
  decideMany(customers: readonly DecisionRequest[]): Promise<readonly DecisionAnswer[]>;
  /** The decision with a name; null: nothing is to be shown. */
  decision(name: string): Promise<DecisionAnswer | null>;
  reportOutcomes(outcomes: readonly OutcomeRequest[], options?: SendOptions): Promise<AcceptedAnswer>;
  reportExposures(exposures: readonly ExposureRequest[], options?: SendOptions): Promise<AcceptedAnswer>;
  withdraw(request: WithdrawRequest): Promise<{ readonly known: boolean }>;
  erase(customerId: string): Promise<ErasedAnswer>;
  ready(): Promise<ReadyAnswer>;
  /** Absolute address of a creative. */
  creativeUrl(creative: { readonly url: string }): string;
}

type Problem = ProblemAnswer & { readonly fallback?: FallbackAnswer };

/** An answer other than 2xx. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  /** With 503 on a decision: an ad that needs no decision. It may be shown, and is not reported. null: there is none. */
  readonly fallback: FallbackAnswer;

  constructor(status: number, { code, message, hint, fallback = null }: Problem) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.fallback = fallback;
  }
}

/**
 * A client of `lookalike serve`, for servers: a key must never reach a browser.
 *
 * @param url where the service listens, as `http://127.0.0.1:8787`
 * @param key made by `lookalike token create`; leave it out for a service that is open on this machine
 * @throws ServiceError an answer other than 2xx; errors of `fetch` without an answer
 *
 * @example
 * const client = createClient("http://127.0.0.1:8787", process.env.LOOKALIKE_API_KEY);
 * const ad = await client.decide({ customer_id: "c-17" });
 * if (ad.status === "ad") console.log(ad.copy?.headline, client.creativeUrl(ad.creatives[0]));
 */
export function createClient(url: string, key?: string, options: ClientOptions = {}): LookalikeClient {
  const { timeoutMs, fetch: send = fetch } = options;
  const base = url.replace(/\/+$/, "");
  const request = async <T>(method: string, path: string, content: Content = {}): Promise<T> => {
    const { body, idempotencyKey, isLong = false } = content;
    const headers: Record<string, string> = {};
    if (key !== undefined) headers.authorization = `Bearer ${key}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
    const signal = AbortSignal.timeout(timeoutMs ?? (isLong ? LONG_MS : SHORT_MS));
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await send(base + path, { method, headers, body: text, signal });
    if (response.ok) return (await response.json()) as T;
    throw new ServiceError(response.status, await problemIn(response));
  };
  return {
    decide: (body) => request("POST", "/v1/decisions", { body }),
    async decideMany(customers) {
      type Answers = { readonly decisions: readonly DecisionAnswer[] };
      return (await request<Answers>("POST", "/v1/decisions", { body: { customers }, isLong: true }))
        .decisions;
    },
    decision: (name) =>
      request<DecisionAnswer>("GET", `/v1/decisions/${encodeURIComponent(name)}`).catch((error: unknown) => {
        if (error instanceof ServiceError && error.status === 404) return null;
        throw error;
      }),
    reportOutcomes: (outcomes, sending) =>
      request("POST", "/v1/outcomes", { body: { outcomes }, isLong: true, ...sending }),
    reportExposures: (exposures, sending) =>
      request("POST", "/v1/exposures", { body: { exposures }, isLong: true, ...sending }),
    withdraw: (body) => request("POST", "/v1/consents/withdraw", { body }),
    erase: (customerId) =>
      request("DELETE", `/v1/customers/${encodeURIComponent(customerId)}`, { isLong: true }),
    ready: () => request("GET", "/readyz"),
    creativeUrl: (creative) => base + creative.url,
  };
}

/** For requests that a page or a mail waits for. */
const SHORT_MS = 2000;
/** For requests that a job waits for: many customers, or the disk. */
const LONG_MS = 30_000;

interface Content {
  readonly body?: unknown;
  readonly isLong?: boolean;
  readonly idempotencyKey?: string | undefined;
}

async function problemIn(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { code: "ERR_UNFORESEEN", message: text.slice(0, 200), hint: "" };
  }
}
