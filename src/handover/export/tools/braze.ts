import type { CustomerTool } from "../types.ts";
import { LONG_NAMES, mailColumns } from "./mail.ts";

export const BRAZE: CustomerTool = {
  id: "braze",
  title: "Braze",
  file: "braze",
  audience: "customers",
  includesUnaddressed: false,
  sources: [
    {
      url: "https://www.braze.com/docs/user_guide/data/unification/user_data/import_users/csv/",
      checkedOn: "2026-11-21",
      says: "rows are joined on external_id; other headers become custom attributes; files up to 500 MB; HTML is not cleaned",
    },
    {
      url: "https://braze.com/docs/developer_guide/platform_integration_guides/web/analytics/setting_custom_attributes",
      checkedOn: "2026-11-21",
      says: "names and values of custom attributes have at most 255 characters",
    },
  ],
  maxFileBytes: 500_000_000,
  forbidden: { pattern: /[<>]|\{\{|\{%/, what: "angle bracket or Liquid tag" },
  formulas: "refuse",
  columns: (run) => [
    {
      name: "external_id",
      kind: "key",
      isRequired: true,
      value: (row) => row.customerId,
    },
    ...mailColumns(run, LONG_NAMES, { length: 255, unit: "characters" }),
  ],
  tags: {
    names: LONG_NAMES,
    of: (column) => `{{custom_attribute.\${${column}}}}`,
    unsubscribe: `{{\${set_user_to_unsubscribed_url}}}`,
  },
};
