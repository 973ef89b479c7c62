import { z } from "zod";
import { withdrawConsent } from "../../../campaign/index.ts";
import type { ApiContext } from "../context.ts";
import { noRegistry } from "../errors.ts";
import type { Http } from "../http.ts";
import * as schemas from "../schemas.ts";

const tags = ["people"];
const security = [{ key: [] }];

/** Routes for the rights of customers: withdrawal of a consent, and erasure. */
export function addPeople(app: Http, context: ApiContext): void {
  const { access, consents, audit, vault, now } = context;

  app.post(
    "/v1/consents/withdraw",
    {
      onRequest: access.needs("admin"),
      schema: {
        tags,
        security,
        summary: "Withdraw a consent; takes effect in every process before the answer",
        body: schemas.withdrawRequest,
        response: { 200: schemas.withdrawn, 409: schemas.problem },
      },
    },
    async (request) => {
      if (consents === null || audit === null) throw noRegistry();
      const { customer_id: customerId, purpose } = request.body;
      const detail = { by: access.actorOf(request), via: "service" };
      const known = await withdrawConsent(customerId, { consents, audit, vault, at: now(), purpose, detail });
      return { known };
    },
  );

  app.delete(
    "/v1/customers/:id",
    {
      onRequest: access.needs("admin"),
      schema: {
        tags,
        security,
        summary: "Erase a customer: consents, decisions, creatives made only for them, outcomes and exports",
        params: z.object({ id: schemas.customerId }),
        response: { 200: schemas.erased, 503: schemas.problem },
      },
    },
    (request) => context.erase(request.params.id),
  );
}
