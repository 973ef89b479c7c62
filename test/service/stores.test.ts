import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { runFiles } from "../../src/handover/index.ts";
import type { ServiceCampaign } from "../../src/service/load/options.ts";
import { openStores } from "../../src/service/stores.ts";
import { manifest, writeRun } from "../ads/run.ts";
import { folderOfTest } from "../temporary.ts";

const opened = (folder: string) => {
  const close = vi.fn(async () => {});
  const campaign = { privacy: { folder } };
  return { close, campaign: { campaign, vault: null, consents: null, close } as unknown as ServiceCampaign };
};

it.each([
  ["there is no key for the network", "0.0.0.0", null, "ERR_OPTION_INVALID"],
  ["the run's records are damaged", "127.0.0.1", "records", "ERR_STORE_CORRUPT"],
  ["the keys are damaged", "127.0.0.1", "keys", "ERR_STORE_CORRUPT"],
] as const)("closes the campaign if %s", async (_, host, damaged, code) => {
  const out = folderOfTest();
  await writeRun(out, manifest([]), []);
  const { campaign, close } = opened(out);
  const path = damaged === "records" ? runFiles(out).records : join(out, "access.db");
  if (damaged !== null) await writeFile(path, "not a database ".repeat(500));
  const opening = openStores({ open: async () => campaign, out, host, requireKeys: false });
  await expect(opening).rejects.toMatchObject({ code });
  expect(close).toHaveBeenCalledOnce();
});

it("closes everything once if it was opened", async () => {
  const out = folderOfTest();
  await writeRun(out, manifest([]), []);
  const { campaign, close } = opened(out);
  const stores = await openStores({ open: async () => campaign, out, host: "127.0.0.1", requireKeys: false });
  expect(close).not.toHaveBeenCalled();
  await stores.close();
  expect(close).toHaveBeenCalledOnce();
});
