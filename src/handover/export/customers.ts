import { throwIfAborted } from "../../core/index.ts";
import type { RunManifest } from "../manifest.ts";
import type { Decision } from "../types.ts";
import { UTM_KEYS, type UtmParameters } from "./address.ts";
import { checkedCells } from "./check.ts";
import type { Contacts } from "./contacts.ts";
import { decisionBatches } from "./decisions.ts";
import { createPersonalGuard, type PersonalGuard } from "./personal.ts";
import type { CustomerAd, CustomerTool } from "./types.ts";
import type { ExportParts, ExportReport } from "./work.ts";

const BATCH = 10_000;

/** Exports a row per customer, for tools with which the brand writes to its own customers. */
export async function exportCustomers(
  parts: ExportParts<CustomerAd> & { readonly tool: CustomerTool },
  {
    contacts,
    utm,
    run,
  }: { readonly contacts: Contacts | null; readonly utm: UtmParameters; readonly run: RunManifest },
): Promise<ExportReport["leftOut"]> {
  const { tool, columns, findings, rows } = parts;
  const guard = utmGuard(utm, run);
  const leftOut = { shownNothing: 0, withoutAddress: 0 };
  let read = 0;
  let number = 0;
  for await (const batch of decisionBatches(parts.out, BATCH, parts.vault)) {
    throwIfAborted(parts.signal);
    const usable = parts.consents.keep(batch);
    const emails = await contacts?.lookUp(usable.map((decision) => decision.customer_id));
    for (const decision of usable) {
      const email = emails?.get(decision.customer_id) ?? null;
      const why = whyLeftOut(tool, decision, { email, hasContacts: contacts !== null });
      if (why !== null) {
        leftOut[why]++;
        continue;
      }
      number++;
      refuseInUtm(decision.customer_id, guard, { number, findings });
      const row = rows.customerAd(decision, email);
      await parts.write(checkedCells(tool, columns, { row, number, findings }));
    }
    read += batch.length;
    parts.onProgress(read);
  }
  return leftOut;
}

function whyLeftOut(
  tool: CustomerTool,
  decision: Decision,
  { email, hasContacts }: { readonly email: string | null; readonly hasContacts: boolean },
): keyof ExportReport["leftOut"] | null {
  if (tool.includesUnaddressed) return null;
  if (decision.creatives.length === 0) return "shownNothing";
  return hasContacts && email === null ? "withoutAddress" : null;
}

/**
 * UTM parameters differ only by the ad and not by customer, so their values are known before the first row.
 */
function utmGuard(utm: UtmParameters, run: RunManifest): PersonalGuard {
  const guard = createPersonalGuard();
  const values = UTM_KEYS.flatMap((key) => utm[key]?.replaceAll("{campaign}", run.campaign) ?? []);
  guard.add(
    0,
    values.map(() => "utm"),
    values,
  );
  return guard;
}

function refuseInUtm(
  customerId: string,
  guard: PersonalGuard,
  { number, findings }: { readonly number: number; readonly findings: ExportParts<CustomerAd>["findings"] },
): void {
  if (guard.find(customerId) === null) return;
  const message = "a UTM parameter contains this customer's identifier";
  findings.problem({ row: number, column: "utm", message, isPersonal: true });
}
