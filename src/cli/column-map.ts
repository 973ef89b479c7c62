import type { Command } from "commander";
import { expected, LookalikeError } from "../core/index.ts";
import { CALL_ROLES, PURCHASE_ROLES, type PurchaseMapping } from "../customers/index.ts";

/** Adds `--calls` and `--map`, which maps its columns. */
export function withCallsFlags(command: Command): Command {
  return command
    .option("--calls <file>", "call log that contains the customers' handsets")
    .option(
      "--map <ours=theirs>",
      `of the calls: column names, as ours=theirs, for each of ${CALL_ROLES.join(", ")} with another name`,
      columnMap(CALL_ROLES, "caller_id=msisdn"),
    );
}

/**
 * Parses `--map ours=theirs`, given once for each column.
 * @throws ERR_OPTION_INVALID it is not a pair, or its first part is not a role
 */
export function columnMap<Role extends string>(roles: readonly Role[], example: string) {
  return (text: string, before: Partial<Record<Role, string>> = {}): Partial<Record<Role, string>> => {
    const at = text.indexOf("=");
    const ours = roles.find((role) => role === text.slice(0, at).trim());
    const theirs = text.slice(at + 1).trim();
    if (ours !== undefined && theirs !== "") return { ...before, [ours]: theirs };
    throw new LookalikeError("ERR_OPTION_INVALID", expected("ours=theirs", "--map", text), {
      hint: `Known columns: ${roles.join(", ")}. Example: --map ${example}`,
    });
  };
}

/** Parses the columns of a panel of purchases: `customer_id=household,product=brand`. */
export function purchaseColumns(text: string): PurchaseMapping {
  const pairs = text.split(",").map((part) => {
    const at = part.indexOf("=");
    const ours = PURCHASE_ROLES.find((role) => role === part.slice(0, at).trim());
    const theirs = part.slice(at + 1).trim();
    if (ours !== undefined && theirs !== "") return [ours, theirs] as const;
    throw new LookalikeError("ERR_OPTION_INVALID", expected("ours=theirs,...", "--purchase-columns", text), {
      hint: `Known columns: ${PURCHASE_ROLES.join(", ")}.`,
    });
  });
  return Object.fromEntries(pairs);
}
