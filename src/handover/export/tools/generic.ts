import type { RunManifest } from "../../manifest.ts";
import { imageOf } from "../images.ts";
import { altText } from "../text.ts";
import type { Column, CustomerAd, CustomerTool } from "../types.ts";

/** All columns for a tool of one's own; customers who are shown nothing are included as the control group. */

function columns({ channels }: RunManifest): readonly Column<CustomerAd>[] {
  return [
    { name: "customer_id", kind: "key", isRequired: true, value: (row) => row.customerId },
    { name: "offer_id", kind: "text", isRequired: true, value: (row) => row.offer.id },
    { name: "basis", kind: "text", value: (row) => row.offer.basis },
    { name: "uplift", kind: "number", value: (row) => row.offer.uplift },
    { name: "lift", kind: "number", value: (row) => row.offer.lift },
    { name: "expected_value", kind: "number", value: (row) => row.offer.expected_value },
    { name: "photo_basis", kind: "text", value: (row) => row.photoBasis },
    { name: "ad_id", kind: "text", value: ({ ad }) => ad?.adId ?? null },
    { name: "headline", kind: "text", value: ({ ad }) => ad?.copy.headline ?? null },
    { name: "body", kind: "text", value: ({ ad }) => ad?.copy.body ?? null },
    { name: "cta", kind: "text", value: ({ ad }) => ad?.copy.cta ?? null },
    { name: "alt", kind: "text", value: ({ ad }) => (ad === null ? null : altText(ad.copy)) },
    { name: "link", kind: "url", value: ({ ad }) => ad?.link ?? null },
    ...channels.map(
      ({ id }): Column<CustomerAd> => ({
        name: `image_${id.replaceAll(/[^A-Za-z0-9]+/g, "_")}`,
        kind: "url",
        value: ({ ad }) => (ad === null ? null : (imageOf(ad.images, id)?.url ?? null)),
      }),
    ),
  ];
}

const SHARED = {
  file: "customers",
  audience: "customers",
  includesUnaddressed: true,
  sources: [
    {
      url: "https://www.rfc-editor.org/rfc/rfc4180",
      checkedOn: "2026-11-21",
      says: "fields with commas, quotes or line breaks are quoted; quotes are doubled; lines end in CRLF",
    },
    {
      url: "https://owasp.org/www-community/attacks/CSV_Injection",
      checkedOn: "2026-11-21",
      says: "cells that begin with =, +, -, @, tab or carriage return are run by spreadsheets",
    },
  ],
  maxFileBytes: null,
  forbidden: null,
  columns,
  tags: null,
} as const satisfies Partial<CustomerTool>;

export const CSV: CustomerTool = { ...SHARED, id: "csv", title: "CSV", formulas: "mark" };
/** Nothing is marked in JSON and Parquet: no spreadsheet runs them, and values must round-trip. */
export const JSONL: CustomerTool = { ...SHARED, id: "jsonl", title: "JSON Lines", formulas: "keep" };
export const PARQUET: CustomerTool = { ...SHARED, id: "parquet", title: "Parquet", formulas: "keep" };
