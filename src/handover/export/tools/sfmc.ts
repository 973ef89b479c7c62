import type { CustomerTool } from "../types.ts";
import { LONG_NAMES, mailColumns } from "./mail.ts";

export const SFMC: CustomerTool = {
  id: "sfmc",
  title: "Salesforce Marketing Cloud",
  file: "sfmc",
  audience: "customers",
  includesUnaddressed: false,
  sources: [
    {
      url: "https://help.salesforce.com/apex/HTViewHelpDoc?id=mktg.mc_es_import_file_requirements.htm",
      checkedOn: "2026-11-21",
      says: "comma-delimited .csv with a header that matches the fields' names",
    },
    {
      url: "https://salesforcejandj.com/salesforce-marketing-cloud-data-extensions-potential-integration-errors",
      checkedOn: "2026-11-21",
      says: "text fields of a data extension hold at most 4,000 characters; longer values fail the row",
    },
    {
      url: "https://help.salesforce.com/apex/HTViewHelpDoc?id=mktg.mc_es_subscriber_key.htm",
      checkedOn: "2026-11-21",
      says: "a subscriber key has at most 254 characters",
    },
  ],
  maxFileBytes: null,
  forbidden: { pattern: /[<>]|%%/, what: "angle bracket or personalisation string" },
  formulas: "refuse",
  columns: (run) => [
    {
      name: "SubscriberKey",
      kind: "key",
      isRequired: true,
      limit: { length: 254, unit: "characters" },
      value: (row) => row.customerId,
    },
    {
      name: "EmailAddress",
      kind: "email",
      limit: { length: 254, unit: "characters" },
      value: (row) => row.email,
    },
    ...mailColumns(run, LONG_NAMES, { length: 4000, unit: "characters" }),
  ],
  tags: {
    names: LONG_NAMES,
    of: (column) => `%%${column}%%`,
    unsubscribe: "%%unsub_center_url%%",
  },
};
