import type { ApiContext } from "./context.ts";
import { fallbackOf } from "./fallback.ts";
import type { Http, Reply } from "./http.ts";

export interface SheddingLimits {
  /** Maximum number of concurrent requests. */
  readonly requests: number;
  /** Mean delay of the event loop above which new decisions are rejected, ms. */
  readonly lagMs: number;
}

const SHEDDING: SheddingLimits = { requests: 2000, lagMs: 250 };
const SAMPLE_MS = 250;

/**
 * Rejects decisions under overload. A page can use an immediate 503 with a fallback ad, but not an answer that comes
 * after its time-out.
 */
export function addShedding(app: Http, context: ApiContext, limits: SheddingLimits = SHEDDING): void {
  let open = 0;
  let isLagging = false;
  const timer = setInterval(() => {
    isLagging = context.metrics.takeLag() > limits.lagMs;
  }, SAMPLE_MS);
  timer.unref();
  app.addHook("onClose", async () => clearInterval(timer));
  app.addHook("onRequest", (request, reply, done) => {
    open++;
    reply.raw.once("close", () => open--);
    const isAccepted = open <= limits.requests && !isLagging;
    if (isAccepted || !request.url.startsWith("/v1/decisions")) done();
    else reject(context, reply);
  });
}

function reject(context: ApiContext, reply: Reply): void {
  context.metrics.shed();
  reply.code(503).header("retry-after", "1").header("cache-control", "private, no-store");
  reply.send({
    code: "ERR_SERVICE_OVERLOADED",
    message: "Expected fewer requests at once",
    hint: "Show the fallback, and retry later.",
    fallback: fallbackOf(context),
  });
}
