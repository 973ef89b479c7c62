import { lintCopy } from "../../ads/index.ts";
import { throwIfAborted } from "../../core/index.ts";
import type { ManifestOffer } from "../manifest.ts";
import { type Cell, checkedCells } from "./check.ts";
import { decisionBatches } from "./decisions.ts";
import { createPersonalGuard } from "./personal.ts";
import type { PublicAd, PublicTool } from "./types.ts";
import type { ExportParts } from "./work.ts";

const BATCH = 10_000;

type Parts = ExportParts<PublicAd> & { readonly tool: PublicTool };

/**
 * Exports a row per distinct ad, in the order of the first customer who is shown it. The rows contain only
 * the campaign's data on its offers, never customers' data; then every customer is compared with them.
 */
export async function exportPublic(parts: Parts): Promise<void> {
  const rows = await distinctRows(parts);
  await refuseCustomers(parts, rows);
  for (const cells of rows) await parts.write(cells);
}

async function distinctRows(parts: Parts): Promise<readonly (readonly Cell[])[]> {
  const { tool, columns, findings } = parts;
  const made: Cell[][] = [];
  const seenAds = new Set<string>();
  const seenOffers = new Set<string>();
  for await (const batch of decisionBatches(parts.out, BATCH, parts.vault)) {
    throwIfAborted(parts.signal);
    for (const decision of parts.consents.keep(batch)) {
      const row = parts.rows.publicAd(decision);
      if (row === null || seenAds.has(row.adId)) continue;
      seenAds.add(row.adId);
      const number = made.length + 1;
      if (!seenOffers.has(row.offer.id)) lintOffer(row.offer, parts, number);
      seenOffers.add(row.offer.id);
      made.push(checkedCells(tool, columns, { row, number, findings }));
    }
  }
  return made;
}

function lintOffer(offer: ManifestOffer, { tool, findings }: Parts, row: number): void {
  for (const { code, severity, field, message } of lintCopy(offer, tool.platform)) {
    const text = `${code}: offer ${offer.id}: ${message}`;
    if (severity === "warning") findings.warn(field, text);
    else findings.problem({ row, column: field, message: text, isPersonal: true });
  }
}

async function refuseCustomers(parts: Parts, rows: readonly (readonly Cell[])[]): Promise<void> {
  const guard = createPersonalGuard();
  const names = parts.columns.map(({ name }) => name);
  // A value with a form of its own, such as a price, is not free text.
  const free = (cells: readonly Cell[]) =>
    cells.map((cell, i) => (parts.columns[i]?.form === undefined ? cell : null));
  for (const [i, cells] of rows.entries()) guard.add(i + 1, names, free(cells));
  let read = 0;
  for await (const batch of decisionBatches(parts.out, BATCH, parts.vault)) {
    throwIfAborted(parts.signal);
    for (const { customer_id } of batch) {
      const place = guard.find(customer_id);
      if (place === null) continue;
      const message = "it contains a customer's identifier";
      parts.findings.problem({ ...place, message, isPersonal: true });
    }
    read += batch.length;
    parts.onProgress(read);
  }
}
