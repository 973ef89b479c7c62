import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadRules, lookUpCustomer } from "../../src/campaign/index.ts";
import { openConsents } from "../../src/trust/index.ts";
import { folderOfTest } from "../temporary.ts";
import { writeCampaignFolder } from "./fixture.ts";

async function sources(customers: string) {
  const folder = folderOfTest();
  const campaign = await loadRules(await writeCampaignFolder(folder));
  writeFileSync(campaign.inputs.customers.path as string, customers);
  return { campaign, consents: await openConsents(join(folder, "privacy", "consents.db")) };
}

it("finds an id in the customers' file, and the nearest one to an unknown id", async () => {
  const own = await sources("customer_id\nc-1001\nc-2002\n");
  expect(await lookUpCustomer(" c-2002 ", own)).toEqual({ isKnown: true, nearest: null });
  expect(await lookUpCustomer("c-2003", own)).toEqual({ isKnown: false, nearest: "c-2002" });
  own.consents.close();
});

it("skips a file that cannot be read", async () => {
  const own = await sources('customer_id\n"c-1001\n');
  expect(await lookUpCustomer("c-1001", own)).toEqual({ isKnown: false, nearest: null });
  own.consents.close();
});

it("ends when it is aborted, and does not report the id as unknown", async () => {
  const own = await sources("customer_id\nc-1001\n");
  const signal = AbortSignal.abort();
  await expect(lookUpCustomer("c-1001", { ...own, signal })).rejects.toMatchObject({ code: "ERR_ABORTED" });
  own.consents.close();
});
