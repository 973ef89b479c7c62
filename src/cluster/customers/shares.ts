import { type BudgetShares, type Campaign, openAllocator } from "../../campaign/index.ts";
import type { SharedFiles } from "../../io/shared-files/index.ts";
import { NO_OFFER } from "../../offers/index.ts";
import type { Vault } from "../../trust/index.ts";
import { readChecked, writeBytes } from "../lines.ts";
import type { OutputFile, ShardOutput } from "../types.ts";
import type { InputFile } from "./settings.ts";

interface Reduction {
  readonly files: SharedFiles;
  readonly vault: Vault | null;
  /** Outputs of the weighing phase, in order of their shards. */
  readonly weighed: readonly (ShardOutput & { readonly number: number })[];
  readonly inputs: readonly InputFile[];
  readonly campaign: Campaign;
  readonly name: string;
  readonly onProgress: () => void;
}

/**
 * Allocates budgets, the only step with all customers: the allocator of a run on one machine reads their
 * weights in the order of the file, and so makes the same choices. Writes a file for each shard, and one with
 * the prices.
 */
export async function shareOut({ files, vault, weighed, ...reduction }: Reduction): Promise<ShardOutput> {
  const { campaign, inputs, name, onProgress } = reduction;
  const width = campaign.offers.length;
  const allocator = openAllocator(campaign);
  try {
    for (const {
      files: [file],
    } of weighed) {
      if (file === undefined) continue;
      const bytes = await readChecked(files, file);
      const clear = vault?.openBytes(bytes, file.name) ?? bytes;
      const worths = new Float64Array(Uint8Array.from(clear).buffer);
      for (let at = 0; at < worths.length; at += width) allocator.addWorths(worths.subarray(at, at + width));
      onProgress();
    }
    const allocation = allocator.solve();
    const indexOf = new Map(campaign.offers.map(({ id }, index) => [id, index + 1]));
    const prices = { offers: [...allocation.prices.offers], money: allocation.prices.money };
    const seal = (bytes: Uint8Array, own: string) => vault?.sealBytes(bytes, own) ?? bytes;
    const written = [];
    for (const [number, { first, count }] of inputs.entries()) {
      const choices = Uint8Array.from(
        { length: count },
        (_, i) => indexOf.get(allocation.offerOf(first + i)) ?? 0,
      );
      const own = `${name}/${number}`;
      written.push(await writeBytes(files, own, seal(choices, own)));
      onProgress();
    }
    const own = `${name}/prices.json`;
    written.push(await writeBytes(files, own, seal(Buffer.from(JSON.stringify(prices)), own)));
    return { files: written, rows: allocation.rows, consents: null };
  } finally {
    allocator.close();
  }
}

/**
 * Where a shard's choices are stored: one byte per customer, the offer's position in the campaign from 1; 0:
 * none.
 */
export interface SharesSource {
  readonly offers: readonly string[];
  /** Position of the shard's first customer. */
  readonly first: number;
  readonly choices: OutputFile;
  readonly prices: OutputFile;
  readonly vault: Vault | null;
}

export async function readShares(files: SharedFiles, source: SharesSource): Promise<BudgetShares> {
  const { offers, first, vault } = source;
  const open = async (file: OutputFile) => {
    const bytes = await readChecked(files, file);
    return vault?.openBytes(bytes, file.name) ?? bytes;
  };
  const choices = await open(source.choices);
  const prices = JSON.parse((await open(source.prices)).toString("utf8")) as {
    readonly money: number;
    readonly offers: readonly (readonly [string, number])[];
  };
  return {
    offerOf: (number) => offers[(choices[number - first] ?? 0) - 1] ?? NO_OFFER,
    prices: { money: prices.money, offers: new Map(prices.offers) },
  };
}
