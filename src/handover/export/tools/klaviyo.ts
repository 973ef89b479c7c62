import type { CustomerTool } from "../types.ts";
import { EMAIL_ADDRESS, LONG_NAMES, mailColumns } from "./mail.ts";

export const KLAVIYO: CustomerTool = {
  id: "klaviyo",
  title: "Klaviyo",
  file: "klaviyo",
  audience: "customers",
  includesUnaddressed: false,
  sources: [
    {
      url: "https://help.klaviyo.com/hc/en-us/articles/115005078967",
      checkedOn: "2026-11-21",
      says: "the first column is Email Address or Phone Number; files up to 50 MB, larger ones must be split; other headers become custom properties",
    },
  ],
  maxFileBytes: 50_000_000,
  forbidden: { pattern: /[<>]|\{\{|\{%/, what: "angle bracket or template tag" },
  formulas: "refuse",
  columns: (run) => [
    EMAIL_ADDRESS,
    // No limit is published for a property's value; links beyond this break in mail programs.
    ...mailColumns(run, LONG_NAMES, { length: 2000, unit: "characters" }),
  ],
  tags: {
    names: LONG_NAMES,
    of: (column) => `{{ person|lookup:'${column}' }}`,
    unsubscribe: "{% unsubscribe_link %}",
  },
};
