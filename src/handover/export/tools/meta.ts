import { largeImages, squarest } from "../images.ts";
import { priceForm, priceText } from "../price.ts";
import type { Column, PublicAd, PublicTool } from "../types.ts";

const MIN_SIDE = 500;
const MORE_IMAGES = 20;

const COLUMNS: readonly Column<PublicAd>[] = [
  {
    name: "id",
    kind: "key",
    isRequired: true,
    limit: { length: 100, unit: "characters" },
    value: (ad) => ad.adId,
  },
  {
    name: "title",
    kind: "text",
    isRequired: true,
    limit: { length: 200, unit: "characters" },
    advised: 65,
    value: ({ offer }) => offer.copy.headline,
  },
  {
    name: "description",
    kind: "text",
    isRequired: true,
    limit: { length: 9999, unit: "characters" },
    value: ({ offer }) => offer.copy.body,
  },
  { name: "availability", kind: "text", isRequired: true, value: () => "in stock" },
  { name: "condition", kind: "text", isRequired: true, value: () => "new" },
];

export const META: PublicTool = {
  id: "meta-catalogue",
  title: "Meta's catalogue",
  file: "meta-catalogue",
  audience: "public",
  platform: "meta",
  sources: [
    {
      url: "https://developers.facebook.com/docs/commerce-platform/catalog/fields/",
      checkedOn: "2026-11-21",
      says: "id, title, description, availability, condition, price with its currency, link, image_link and brand are required",
    },
    {
      url: "https://productfeedspec.com/platforms/meta-catalog",
      checkedOn: "2026-11-21",
      says: "id 100, title 200, description 9,999 and brand 100 characters at the most; images of 500 x 500 px or more, square ones best",
    },
    {
      url: "https://flexify.net/meta-catalog-docs/categories/common",
      checkedOn: "2026-11-21",
      says: "up to 20 additional images, their addresses separated by commas, 2,000 characters at the most",
    },
  ],
  maxFileBytes: null,
  forbidden: { pattern: /[<>]/, what: "HTML" },
  formulas: "refuse",
  columns: ({ currency, brand }) => [
    ...COLUMNS,
    {
      name: "price",
      kind: "text",
      isRequired: true,
      value: ({ offer }) => priceText(offer.price, currency),
      form: priceForm(currency),
    },
    { name: "link", kind: "url", isRequired: true, value: (ad) => ad.link },
    {
      name: "image_link",
      kind: "url",
      isRequired: true,
      value: ({ images }) => squarest(images, MIN_SIDE)?.url ?? null,
    },
    {
      name: "additional_image_link",
      kind: "url",
      limit: { length: 2000, unit: "characters" },
      value: ({ images }) => {
        const first = squarest(images, MIN_SIDE);
        const others = largeImages(images, MIN_SIDE).filter((image) => image !== first);
        return others
          .slice(0, MORE_IMAGES)
          .map(({ url }) => url)
          .join(",");
      },
    },
    {
      name: "brand",
      kind: "text",
      isRequired: true,
      limit: { length: 100, unit: "characters" },
      value: () => brand.name,
    },
    {
      name: "custom_label_0",
      kind: "text",
      limit: { length: 100, unit: "characters" },
      value: ({ offer }) => offer.id,
    },
  ],
};
