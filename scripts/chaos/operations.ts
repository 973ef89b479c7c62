import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  eraseCustomer,
  erasePhotos,
  generateAds,
  loadCampaign,
  purgeExpired,
  rekeyAll,
} from "../../src/campaign/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { exportAds } from "../../src/handover/index.ts";
import { loadOfferModel } from "../../src/offers/index.ts";
import { openAudit } from "../../src/trust/audit/log.ts";
import { openConsents } from "../../src/trust/index.ts";
import { createVault } from "../../src/trust/vault.ts";
import { createFakeEngine } from "../../test/gallery/fake-engine.ts";
import { AT, ERASED, index, train } from "./scene.ts";

/** What is disturbed: each works on the scene's folder and can be run again after it was killed. */
export type Operation =
  | "index"
  | "train"
  | "generate"
  | "erase"
  | "purge"
  | "erase photo"
  | "export"
  | "consent import"
  | "rekey"
  | "audit";

const KEY = createVault(Buffer.alloc(32, 7));

export const OPERATIONS: Readonly<Record<Operation, (work: string) => Promise<void>>> = {
  index,
  train,
  generate: (work) => generate(work, AT),
  erase: (work) =>
    withStores(work, async (stores) => {
      await eraseCustomer(ERASED, { ...stores, outs: [join(work, "out")], at: AT });
    }),
  purge: (work) =>
    withStores(work, async (stores) => {
      const { privacy } = await loadCampaign(join(work, "campaign.yaml"));
      await purgeExpired({ ...stores, ...privacy, gallery: null, outs: [join(work, "out")], at: AT });
    }),
  "erase photo": (work) =>
    withStores(work, async (stores) => {
      const gallery = await openGallery(join(work, "gallery"), { mustExist: true });
      try {
        const photo = join(work, "photos/photo-4.png");
        await erasePhotos({ photo }, { ...stores, gallery, outs: [join(work, "out")], at: AT });
      } finally {
        await gallery.close();
      }
    }),
  export: (work) =>
    withStores(work, async ({ consents }) => {
      const stopped = (ids: readonly string[]) => consents.stopped(ids, { at: AT });
      const baseUrl = "https://cdn.lumo.example/";
      await exportAds({ out: join(work, "out"), format: "braze", baseUrl, stopped });
    }),
  "consent import": (work) =>
    withStores(work, async ({ consents }) => {
      await consents.import(join(work, "consents.csv"), { at: AT });
    }),
  // There and back again: at every moment some files are under the key and others are not.
  async rekey(work) {
    const campaign = await loadCampaign(join(work, "campaign.yaml"));
    const common = { campaign, outs: [join(work, "out")], actor: "chaos" };
    await rekeyAll({ ...common, from: null, to: KEY });
    await rekeyAll({ ...common, from: KEY, to: null });
  },
  async audit(work) {
    const audit = openAudit(join(work, "privacy/audit.db"), { actor: "chaos" });
    for (let i = 0; i < 300; i++) audit.append("face.compute", { customerId: `person-${i}` });
    audit.close();
  },
};

/** What there is to do for each: without it an operation would find everything done. */
export const PREPARATIONS: Readonly<Record<Operation, (work: string) => void>> = {
  index(work) {
    // All photos are new to the gallery's second run but half of them.
    for (const name of readdirSync(join(work, "photos")).filter((_, i) => i % 2 === 0)) {
      writeFileSync(
        join(work, "photos", `copy-of-${name}`),
        Buffer.concat([pngOf(work, name), Buffer.from(name)]),
      );
    }
  },
  train() {},
  // Nothing is drawn yet, and nothing decided.
  generate(work) {
    rmSync(join(work, "out"), { recursive: true });
  },
  erase() {},
  purge(work) {
    const old = new Date(AT.getTime() - 40 * 86_400_000);
    const folder = join(work, "out/creatives/tiny");
    for (let i = 0; i < 20; i++) {
      writeFileSync(join(folder, `stray-${i}.jpg`), "x");
      utimesSync(join(folder, `stray-${i}.jpg`), old, old);
    }
  },
  "erase photo"() {},
  export() {},
  "consent import"(work) {
    const head = "customer_id,purpose,given_at,method,withdrawn_at";
    const rows = Array.from(
      { length: 3000 },
      (_, i) => `person-${i},face_matching,2026-02-01,written,${i % 3 === 0 ? "2026-03-01" : ""}`,
    );
    writeFileSync(join(work, "consents.csv"), `${[head, ...rows].join("\n")}\n`);
  },
  rekey() {},
  audit() {},
};

export async function generate(work: string, at: Date): Promise<void> {
  const campaign = await loadCampaign(join(work, "campaign.yaml"));
  const model = await loadOfferModel(campaign.inputs.model);
  const gallery = await openGallery(join(work, "gallery"), { mustExist: true });
  try {
    await withStores(work, async (stores) => {
      const run = generateAds({
        campaign,
        model,
        gallery,
        engine: createFakeEngine(),
        out: join(work, "out"),
        now: () => at,
        ...stores,
      });
      for await (const _ of run);
    });
  } finally {
    await gallery.close();
  }
}

async function withStores(
  work: string,
  action: (stores: {
    consents: Awaited<ReturnType<typeof openConsents>>;
    audit: ReturnType<typeof openAudit>;
  }) => Promise<void>,
): Promise<void> {
  const consents = await openConsents(join(work, "privacy/consents.db"));
  const audit = openAudit(join(work, "privacy/audit.db"), { actor: "chaos" });
  try {
    await action({ consents, audit });
  } finally {
    audit.close();
    consents.close();
  }
}

function pngOf(work: string, name: string): Buffer {
  return readFileSync(join(work, "photos", name));
}
