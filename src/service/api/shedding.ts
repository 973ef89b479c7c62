import type { ApiContext } from "./context.ts";
import { fallbackOf } from "./fallback.ts";
import type { Http, Reply } from "./http.ts";

export interface SheddingLimits {
  /** Maximum number of concurrent requests. */
  readonly underWay: number;
  /** Mean delay of the event loop from which on new requests are turned away, ms. */
  readonly lagMs: number;
}

export const SHEDDING: SheddingLimits = { underWay: 2000, lagMs: 250 };
const SAMPLE_MS = 250;

/**
 * Rejects decisions under overload: an immediate 503, with an ad that needs no
 * decision, is worth more to a page than an answer after its time-out.
 */
export function addShedding(app: Http, context: ApiContext, limits: SheddingLimits = SHEDDING): void {
  let underWay = 0;
  let isLagging = false;
  const timer = setInterval(() => {
    isLagging = context.metrics.takeLag() > limits.lagMs;
  }, SAMPLE_MS);
  timer.unref();
  app.addHook("onClose", async () => clearInterval(timer));
  app.addHook("onRequest", (request, reply, done) => {
    underWay++;
    reply.raw.once("close", () => underWay--);
    const isWelcome = underWay <= limits.underWay && !isLagging;
    if (isWelcome || !request.url.startsWith("/v1/decisions")) done();
    else turnAway(context, reply);
  });
}

function turnAway(context: ApiContext, reply: Reply): void {
  context.metrics.shed();
  reply.code(503).header("retry-after", "1").header("cache-control", "private, no-store");
  reply.send({
    code: "ERR_SERVICE_OVERLOADED",
    message: "Expected fewer requests at once",
    hint: "Show the fallback, and retry later.",
    fallback: fallbackOf(context),
  });
}
