import type { Command } from "commander";
import { invalidOption } from "../core/index.ts";
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
    if (ours !== undefined && theirs !== "") return withColumn(before, ours, { theirs, flag: "--map" });
    throw invalidOption(
      "ours=theirs",
      "--map",
      text,
      `Known columns: ${roles.join(", ")}. Example: --map ${example}`,
    );
  };
}

/** @throws ERR_OPTION_INVALID the role has a column already: one of the two would be ignored */
function withColumn<Role extends string>(
  before: Partial<Record<Role, string>>,
  ours: Role,
  { theirs, flag }: { readonly theirs: string; readonly flag: string },
): Partial<Record<Role, string>> {
  const first = before[ours];
  if (first === undefined || first === theirs) return { ...before, [ours]: theirs };
  throw invalidOption(`one column for ${ours}`, flag, `${first} and ${theirs}`, "Name one of them.");
}

/**
 * Parses the columns of a panel of purchases: `customer_id=household,product=brand`.
 * @throws ERR_OPTION_INVALID
 */
export function purchaseColumns(text: string): PurchaseMapping {
  const flag = "--purchase-columns";
  type Columns = Partial<Record<(typeof PURCHASE_ROLES)[number], string>>;
  return text.split(",").reduce<Columns>((before, part) => {
    const at = part.indexOf("=");
    const ours = PURCHASE_ROLES.find((role) => role === part.slice(0, at).trim());
    const theirs = part.slice(at + 1).trim();
    if (ours !== undefined && theirs !== "") return withColumn(before, ours, { theirs, flag });
    throw invalidOption("ours=theirs,...", flag, text, `Known columns: ${PURCHASE_ROLES.join(", ")}.`);
  }, {});
}
