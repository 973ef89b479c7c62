import { colorChanges } from "../ads/index.ts";
import type { Campaign } from "../campaign/index.ts";
import type { Output } from "./output.ts";

/** Warns of brand colours that ads change for contrast. */
export function warnOfColors({ brand }: Pick<Campaign, "brand">, output: Output): void {
  for (const { role, use, from, to } of colorChanges(brand)) {
    output.say(`warning: brand.colors.${role} ${from} has too little contrast as ${use}: ads use ${to}`);
  }
}
