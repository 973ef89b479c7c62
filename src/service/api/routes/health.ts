import type { ApiContext } from "../context.ts";
import type { Http } from "../http.ts";
import * as schemas from "../schemas.ts";

const tags = ["service"];

/** Routes for monitoring. */
export function addHealth(app: Http, context: ApiContext): void {
  const { metrics, access } = context;

  app.get(
    "/healthz",
    { schema: { tags, summary: "Whether the process answers", response: { 200: schemas.health } } },
    async (_, reply) => {
      reply.header("cache-control", "no-store");
      return { status: "ok" as const };
    },
  );

  app.get(
    "/readyz",
    {
      schema: {
        tags,
        summary: "Whether decisions are answered; 503 while loading or draining",
        response: { 200: schemas.ready, 503: schemas.ready },
      },
    },
    async (_, reply) => {
      const status = context.status();
      reply.header("cache-control", "no-store");
      return reply.code(status.status === "ready" ? 200 : 503).send(status);
    },
  );

  app.get(
    "/metrics",
    {
      onRequest: access.needs("admin"),
      schema: { tags, security: [{ key: [] }], summary: "Prometheus metrics" },
    },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.render()),
  );
}
