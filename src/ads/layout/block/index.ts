import type { Flow, LogoPlace } from "../../templates/types.ts";
import { fitRow } from "./row.ts";
import { fitStack } from "./stack.ts";
import type { Block, BlockBox, CopyText, TypeScale } from "./types.ts";

/** Fits the copy into a box by the template's rules; null if it does not fit. */
export function fitBlock(
  copy: CopyText,
  type: TypeScale,
  box: BlockBox,
  { flow, logo }: { readonly flow: Flow; readonly logo: LogoPlace },
): Block | null {
  return flow === "row" ? fitRow(copy, type, box) : fitStack(copy, type, box, logo);
}
