import { parseColor, type Rgb, toHex } from "../color.ts";
import type { Brand } from "../types.ts";
import { themeOf } from "./theme.ts";

/** A colour of the brand that ads replace where its contrast is too low. */
export interface ColorChange {
  readonly role: "primary" | "ink" | "paper";
  readonly use: "ground" | "text" | "button";
  /** `#rrggbb`. */
  readonly from: string;
  readonly to: string;
}

/**
 * Where ads use other colours than the brand's: text has a contrast of at least 4.5 : 1 (WCAG 2.2, success criterion
 * 1.4.3), and a button stands out from its ground by at least 1.3 : 1.
 *
 * @returns none for a brand whose colours are readable on each other
 * @throws ERR_OPTION_INVALID a colour is not written as #rrggbb
 *
 * @example
 * for (const { role, from, to } of colorChanges(brand)) console.warn(`${role}: ${from} is drawn as ${to}`);
 */
export function colorChanges(brand: Brand): readonly ColorChange[] {
  const { surfaces } = themeOf(brand);
  const [page, text] = brand.tone === "dark" ? (["ink", "paper"] as const) : (["paper", "ink"] as const);
  const isBold = (brand.tone ?? "bold") === "bold";
  const drawn: readonly (readonly [ColorChange["role"], ColorChange["use"], Rgb])[] = [
    ...(isBold ? ([["primary", "ground", surfaces.brand.fill]] as const) : []),
    [page, "ground", surfaces.paper.fill],
    [text, "text", surfaces.paper.headline],
    ["primary", "button", surfaces.paper.button],
  ];
  return drawn.flatMap(([role, use, color]) => {
    const from = toHex(parseColor(brand.colors[role]));
    const to = toHex(color);
    return from === to ? [] : [{ role, use, from, to }];
  });
}
