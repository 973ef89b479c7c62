import type { DeciderCustomer } from "../../campaign/index.ts";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import type { DecisionRequest } from "../api/schemas.ts";
import type { CrmRows } from "./rows.ts";

/** The request's columns override the CRM's; portrait and consent come only from the CRM. */
export function customerFor({ customer_id: id, features }: DecisionRequest, crm: CrmRows): DeciderCustomer {
  const row = crm.find(id);
  return {
    id,
    values: { ...row?.values, ...features },
    photo: row?.photo ?? null,
    consent: row?.consent ?? { status: "missing" },
  };
}

/** The error of one customer of a batch, with their place in it: an id would be logged. */
export function inBatch(error: unknown, place: number): unknown {
  if (!isLookalikeError(error)) return error;
  const { code, message, hint } = error;
  return new LookalikeError(code, `customers[${place}]: ${message}`, { hint, cause: error });
}
