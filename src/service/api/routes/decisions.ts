import { z } from "zod";
import { LookalikeError } from "../../../core/index.ts";
import { hashBytes } from "../../../io/files.ts";
import { serialise } from "../../decide/answer.ts";
import type { ApiContext } from "../context.ts";
import type { Http, Request } from "../http.ts";
import * as schemas from "../schemas.ts";

const tags = ["decisions"];
const security = [{ key: [] }];

/** Routes that answer which ad a customer gets. */
export function addDecisions(app: Http, context: ApiContext): void {
  const { access, metrics } = context;
  const onRequest = access.needs("decide");
  const count = ({ source, status, photo, offer }: schemas.DecisionAnswer) =>
    metrics.decision(source, status, photo?.reason ?? offer.basis ?? "no_offer");

  app.post(
    "/v1/decisions",
    {
      onRequest,
      serializerCompiler: () => serialise,
      schema: {
        tags,
        security,
        summary: "Decide for one customer, or for up to 1,000",
        headers: z.object({ "idempotency-key": z.string().min(1).max(200).optional() }),
        body: schemas.decisionsRequest,
        response: { 200: schemas.decisionsAnswer, 400: schemas.problem, 503: schemas.overloaded },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const once = onceOf(context, request, body);
      if (once !== undefined) await requireFirstUse(context, once);
      const requests = "customers" in body ? body.customers : [body];
      const answers = await context.responder().answer(requests);
      answers.forEach(count);
      reply.header("cache-control", "private, no-store");
      const [first] = answers;
      if ("customers" in body || first === undefined) return { decisions: [...answers] };
      return first;
    },
  );

  app.get(
    "/v1/decisions/:decision",
    {
      onRequest,
      serializerCompiler: () => serialise,
      schema: {
        tags,
        security,
        summary: "A decision by its name from an earlier answer; 404 if nothing is to be shown",
        params: z.object({ decision: schemas.token }),
        response: { 200: schemas.decision, 404: schemas.problem },
      },
    },
    async (request, reply) => {
      const answer = context.responder().answerName(request.params.decision);
      if (answer === null || answer.status === "none") throw nothingToShow();
      count(answer);
      reply.header("cache-control", "private, no-store");
      return answer;
    },
  );
}

/** Rejects a repeated key with another body: the answer would not show the mistake. */
async function requireFirstUse(
  context: ApiContext,
  once: NonNullable<ReturnType<typeof onceOf>>,
): Promise<void> {
  const { status } = await context.writer.append({ once });
  if (status === "conflict") throw reusedKey();
}

/** What is stored of a request with an `Idempotency-Key`; undefined: it has none. */
export function onceOf(context: ApiContext, request: Request, body: unknown) {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return undefined;
  const route = `${request.method} ${request.routeOptions.url}`;
  const caller = request.caller?.id ?? "";
  const bodyHash = context.onceKey(caller, route, hashBytes(JSON.stringify(body)));
  return { key: context.onceKey(caller, route, key), body: bodyHash };
}

export function reusedKey(): LookalikeError {
  return new LookalikeError(
    "ERR_REQUEST_REUSED",
    "Expected the request that this Idempotency-Key was first sent with",
    {
      hint: "Send a new key with each new request.",
    },
  );
}

function nothingToShow(): LookalikeError {
  return new LookalikeError(
    "ERR_CUSTOMER_UNKNOWN",
    "Expected a decision with something to show but found none",
    {
      hint: "Show the page or the mail without an ad.",
    },
  );
}
