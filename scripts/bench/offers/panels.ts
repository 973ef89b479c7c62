import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readPurchases } from "../../../src/customers/index.ts";
import { trainOffers } from "../../../src/offers/index.ts";
import { type BenchOptions, CREATED_AT, round } from "./tools.ts";

const WEEK_MS = 7 * 86_400_000;

/**
 * Next brand of the panels of a folder: CSV files with the columns `id` (household) and `choice`, one row per purchase
 * in order, as in the R package Ecdat (Cracker, Yogurt, Catsup, Ketchup). A household's purchases are a week apart.
 * Log-loss and balanced accuracy on the latest 20 %.
 */
export async function benchPanels({ folder = "../shared/data/brands" }: BenchOptions): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  const scratch = mkdtempSync(join(tmpdir(), "lookalike-panels-"));
  try {
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".csv"))) {
      const source = join(scratch, name);
      if (!writePurchases(join(folder, name), source)) continue;
      const transitions = await readPurchases(source);
      const offers = transitions.next.labels.map((product) => ({
        id: product,
        product,
        margin: 1,
        cost: 0,
      }));
      const { model } = await trainOffers({ transitions, offers }, { createdAt: CREATED_AT, seed: 1 });
      const contest = model.metrics.next?.contest;
      if (!contest) continue;
      for (const answer of ["multinomial", "boosting", "blend", "switching table"] as const) {
        const { logLoss, balancedAccuracy } = contest.test[answer];
        rows.push({
          panel: basename(name, ".csv"),
          test: contest.rows.test,
          answer: answer === contest.chosen ? `${answer} (chosen)` : answer,
          "log-loss": round(logLoss, 3),
          "balanced accuracy": round(balancedAccuracy, 3),
        });
      }
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log("\nNext brand, panels of households");
  console.table(rows);
}

/** @returns false if the file is not a panel */
function writePurchases(from: string, to: string): boolean {
  const [header = "", ...lines] = readFileSync(from, "utf8").replaceAll('"', "").trim().split(/\r?\n/);
  const names = header.split(",");
  const [id, choice] = [names.indexOf("id"), names.indexOf("choice")];
  if (id < 0 || choice < 0) return false;
  const kept = names.flatMap((name, i) => (["id", "choice", "rownames"].includes(name) ? [] : [i]));
  const counts = new Map<string, number>();
  const rows = lines.map((line) => {
    const cells = line.split(",");
    const household = cells[id] ?? "";
    const before = counts.get(household) ?? 0;
    counts.set(household, before + 1);
    const at = new Date(Date.UTC(2020, 0, 1) + before * WEEK_MS).toISOString();
    return [household, at, cells[choice], ...kept.map((i) => cells[i])].join(",");
  });
  writeFileSync(
    to,
    [["customer_id", "at", "product", ...kept.map((i) => names[i])].join(","), ...rows].join("\n"),
  );
  return true;
}
