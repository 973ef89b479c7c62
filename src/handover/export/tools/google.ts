import { squarest } from "../images.ts";
import { priceForm, priceText } from "../price.ts";
import type { PublicTool } from "../types.ts";

const MIN_SIDE = 300;
/** Longer texts are accepted but may not be shown whole; 12 for double-width languages. */
const SHOWN = 25;

export const GOOGLE: PublicTool = {
  id: "google-custom",
  title: "Google's custom feed",
  file: "google-custom",
  audience: "public",
  platform: "google",
  sources: [
    {
      url: "https://support.google.com/google-ads/answer/6053288",
      checkedOn: "2026-11-21",
      says: "rows are items; headers match the specification letter by letter; ids connect to the remarketing tag",
    },
    {
      url: "https://docs.google.com/spreadsheets/d/1LTOympxR-LASxctP9EXmbh01lm8AhtIl947OUui_uHk/edit",
      checkedOn: "2026-11-21",
      says: "custom feed: ID and Item title are required, Final URL unless there is a destination URL; texts of 25 characters are advised; images JPG, PNG or GIF of 300 x 300 px, 12 MB at the most",
    },
    {
      url: "https://support.google.com/adspolicy/answer/6020956",
      checkedOn: "2026-11-21",
      says: "no personally identifiable information in product data feeds or addresses",
    },
  ],
  maxFileBytes: null,
  forbidden: null,
  formulas: "refuse",
  columns: ({ currency }) => [
    { name: "ID", kind: "key", isRequired: true, value: (ad) => ad.adId },
    { name: "ID2", kind: "text", value: ({ offer }) => offer.id },
    {
      name: "Item title",
      kind: "text",
      isRequired: true,
      advised: SHOWN,
      value: ({ offer }) => offer.copy.headline,
    },
    { name: "Final URL", kind: "url", isRequired: true, value: (ad) => ad.link },
    {
      name: "Image URL",
      kind: "url",
      isRequired: true,
      value: ({ images }) => squarest(images, MIN_SIDE)?.url ?? null,
    },
    { name: "Item subtitle", kind: "text", advised: SHOWN, value: ({ offer }) => offer.copy.cta },
    { name: "Item description", kind: "text", advised: SHOWN, value: ({ offer }) => offer.copy.body },
    { name: "Item category", kind: "text", value: ({ offer }) => offer.product },
    {
      name: "Price",
      kind: "text",
      value: ({ offer }) => priceText(offer.price, currency),
      form: priceForm(currency),
    },
    { name: "Contextual keywords", kind: "text", value: ({ offer }) => offer.product },
  ],
};
