import type { Meeting } from "../tables/index.ts";

/** The pairs of tables whose ids are compared. */

export const LOGS_OF_CUSTOMERS: Meeting = {
  table: "crm",
  in: "subscribers",
  what: "the customers",
  where: "the call or usage logs",
  names: ["the customers", "the logs"],
};

export const CUSTOMERS_OF_EXPERIMENT: Meeting = {
  table: "log",
  in: "crm",
  what: "the customers of the experiment log",
  where: "the customers' file",
  names: ["the log", "the customers' file"],
};
