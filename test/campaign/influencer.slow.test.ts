import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { eraseCustomer, loadCampaign } from "../../src/campaign/index.ts";
import { explainDecision } from "../../src/campaign/privacy/explain.ts";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import { createConsentFilter } from "../../src/handover/export/withheld.ts";
import type { Decision } from "../../src/handover/index.ts";
import { decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { failure } from "../customers/scratch.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { folderOfTest } from "../temporary.ts";
import { AT } from "./fixture.ts";
import { createWorld, openStage, type Stage, type World } from "./world.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 120_000);

afterAll(() => stage.close());

const GROUPS = 10;
/** Everybody of a group talks to everybody; the first buys first. Those of group 0 are customers. */
const member = (group: number, k: number) =>
  group === 0 ? (["leader-lea", "ike", "xena", "yves"][k] ?? "") : `g${group}m${k}`;

const DAY = 86_400_000;

/** Two years in which each group goes from Acme to Bolt at another time, its members one after the other. */
function callLog(spelled: (id: string) => string): string {
  const written = (group: number, k: number) => (group === 0 ? spelled(member(0, k)) : member(group, k));
  const rows = ["caller_id,callee_id,started_at,duration_s,device_manufacturer"];
  for (let group = 0; group < GROUPS; group++) {
    for (let k = 0; k < 4; k++) {
      const boughtAt = Date.UTC(2024, 2 + 2 * group, 1 + 15 * k);
      for (let month = 0; month < 24; month++) {
        for (let other = 0; other < 4; other++) {
          if (other === k) continue;
          const at = Date.UTC(2024, month, 2 + other) + 7 * DAY * k;
          const maker = at >= boughtAt ? "Bolt" : "Acme";
          rows.push(
            `${written(group, k)},${written(group, other)},${new Date(at).toISOString()},60,${maker}`,
          );
        }
      }
    }
  }
  return `${rows.join("\n")}\n`;
}

const CUSTOMERS = [0, 1, 2, 3].map((k) => [member(0, k), "60", "NL"] as const);

interface Scene {
  readonly world: World;
  /** Decides for one customer. */
  decide(
    onDecode?: (photo: string) => void,
    gallery?: Gallery,
  ): Promise<{ decision: Decision; opened: readonly string[] }>;
}

let scenes = 0;

/** @param leaderAge of the contact with the most influence */
async function scene(
  leaderAge = "60",
  faces = "{ lookalike: 0.000001, influencer: 0.999999 }",
  /** How the call log writes the ids of group 0. */
  spelled = (id: string) => id,
): Promise<Scene> {
  scenes++;
  const name = `scene${scenes}`;
  const { folder } = stage;
  const customers = CUSTOMERS.map(
    ([id, age, country], k) => [id, k === 0 ? leaderAge : age, country] as const,
  );
  const world = await createWorld(stage, name, "minimum_age: 18, jurisdiction: NL", customers);
  copyFileSync(join(folder, "portraits/right.jpg"), join(folder, `portraits/${name}-0.jpg`));
  writeFileSync(join(folder, `${name}-calls.csv`), callLog(spelled));
  const text = readFileSync(join(folder, `${name}.yaml`), "utf8").replace(
    "inputs:",
    `experiment: { name: ${name}, faces: ${faces} }\ninputs:\n  calls: { path: ${name}-calls.csv }`,
  );
  writeFileSync(join(folder, `${name}.yaml`), text);
  const campaign = await loadCampaign(join(folder, `${name}.yaml`));
  for (let group = 0; group < GROUPS; group++) {
    for (let k = 0; k < 4; k++) consentTo(world, member(group, k));
  }
  return {
    world,
    async decide(onDecode = () => {}, gallery = stage.gallery) {
      const { decisions, opened } = await world.run({ campaign, customers: ["ike"], onDecode, gallery });
      const [decision] = decisions;
      if (decision === undefined) throw new Error("no decision");
      return { decision, opened };
    },
  };
}

/** The name that a world's portraits begin with. */
function nameOf({ out }: World): string {
  return basename(dirname(out));
}

function consentTo({ consents }: World, customerId: string): void {
  const rest = {
    notice: "v1",
    givenAt: new Date("2026-01-01"),
    expiresAt: null,
    jurisdiction: null,
  } as const;
  consents.record({ customerId, purpose: "network", method: "online_form", ...rest });
}

const LEADER = "leader-lea";

describe("the arm influencer", () => {
  it("shows the campaign photo nearest to the portrait of the contact with the most influence, and names nobody", async () => {
    const { world, decide } = await scene();
    const { decision, opened } = await decide();
    expect(decision.photo).toMatchObject({ basis: "drawn", reason: "influencer", distance: null });
    expect(decision.photo?.permit).toMatch(/^[0-9a-f]{32}$/);
    expect(decision.assignment?.face).toMatchObject({ arm: "influencer" });
    // Ike's portrait and the leader's; nobody else's.
    expect(opened).toEqual(["1", "0"]);
    const described = await createFakeEngine().describe(join(stage.folder, "portraits/right.jpg"));
    const [face] = described.faces;
    const [nearest] = await stage.gallery.match(face?.embedding ?? new Float32Array(128), { top: 1 });
    expect(decision.photo?.path).toBe(nearest?.photo.path);
    // Never the portrait, never a name.
    expect(decision.photo?.path).not.toContain("portraits");
    const written = JSON.stringify(decision);
    const told = explainDecision(decision, { campaign: "Test", currency: "EUR" });
    expect(told).toContain("people you are in touch with");
    for (const text of [written, told]) {
      for (const name of [LEADER, "xena", "yves"]) expect(text).not.toContain(name);
    }
    // The audit notes that a face was computed for the network, and not whose.
    const entries = [...world.audit.entries({ action: "face.compute" })];
    expect(entries).toHaveLength(2);
    expect([...world.audit.entries({ customerId: LEADER })]).toEqual([]);
  });

  it("passes a photo over whose labels choose another face to lead", async () => {
    const { decide } = await scene();
    const { decision } = await decide();
    const nearest = decision.photo?.path;
    const { gallery } = stage;
    const led: Gallery = {
      ...gallery,
      async match(...asked) {
        return (await gallery.match(...asked)).map((match) => {
          const { photo, faceIndex } = match;
          const own = photo.faces[faceIndex];
          if (photo.path !== nearest || own === undefined) return match;
          // Another face, in the corner, leads.
          const corner = { ...own, box: { x: photo.width - 1, y: photo.height - 1, width: 1, height: 1 } };
          return { ...match, photo: { ...photo, lead: [1, 1], faces: [...photo.faces, corner] } };
        });
      },
    };
    const other = await scene();
    const { decision: next } = await other.decide(undefined, led);
    expect(next.assignment?.face).toMatchObject({ arm: "influencer" });
    expect(next.photo).toMatchObject({ basis: "drawn", reason: "influencer" });
    expect(next.photo?.path).not.toBe(nearest);
  });

  const without =
    (...purposes: readonly ("network" | "face_matching")[]) =>
    (id: string) =>
    ({ consents }: World) => {
      for (const purpose of purposes) consents.withdraw(id, { at: AT, purpose });
    };

  it.each([
    ["the customer does not consent to the network", without("network")("ike")],
    ["the leader does not consent to the network", without("network")(LEADER)],
    ["the leader does not consent to face matching", without("face_matching")(LEADER)],
    ["another contact withdrew, so that two are left", without("network")("xena")],
    ["the leader was erased", ({ consents }: World) => void consents.erase(LEADER, AT)],
  ])("shows nothing of the network where %s", async (_, change) => {
    const { world, decide } = await scene();
    change(world);
    const { decision, opened } = await decide();
    expect(decision.photo).toMatchObject({ basis: "lookalike", reason: "nearest" });
    expect(decision.photo).not.toHaveProperty("permit");
    expect(opened).toEqual(["1"]);
  });

  it("shows nothing of the network where two of three contacts have no portrait at the path of the file", async () => {
    const { world, decide } = await scene();
    for (const k of [2, 3]) rmSync(join(stage.folder, `portraits/${nameOf(world)}-${k}.jpg`));
    const { decision, opened } = await decide();
    expect(decision.photo?.basis).toBe("lookalike");
    expect(opened).toEqual(["1"]);
  });

  it("shows nothing of the network where the leader's portrait is removed once it was described", async () => {
    const { world, decide } = await scene();
    const path = join(stage.folder, `portraits/${nameOf(world)}-0.jpg`);
    // So near that the portrait is read again, to find out whether it is a copy.
    const { image } = await decodePhoto(path);
    const lighter = { ...image, data: image.data.map((value) => Math.min(255, value + 28)) };
    const folder = folderOfTest();
    writeFileSync(join(folder, "lighter.jpg"), await encodeImage(lighter, { format: "jpeg" }));
    const gallery = await openGallery(join(folder, "gallery"));
    await gallery.index([join(stage.folder, "photos"), join(folder, "lighter.jpg")], createFakeEngine());
    onTestFinished(() => gallery.close());
    const before = await decide(() => {}, gallery);
    expect(before.decision.photo).toMatchObject({ reason: "influencer" });
    const { decision } = await decide((photo) => void (photo === path && rmSync(path)), gallery);
    expect(decision.photo).toMatchObject({ basis: "lookalike", reason: "nearest" });
    expect(decision.photo).not.toHaveProperty("permit");
  });

  it("names nobody where the leader's portrait cannot be read", async () => {
    const { world, decide } = await scene();
    writeFileSync(join(stage.folder, `portraits/${nameOf(world)}-0.jpg`), "no picture");
    const { decision } = await decide();
    expect(decision.photo).toMatchObject({ basis: "lookalike" });
    expect(JSON.stringify(decision)).not.toContain(LEADER);
    expect([...world.audit.entries({ customerId: LEADER })]).toEqual([]);
  });

  it.each([
    ["blanks", (id: string) => `  ${id}\u00a0`],
    ["a byte order mark and a tab", (id: string) => `\ufeff${id}\t`],
  ])("knows customers, contacts and withdrawals by every spelling of their ids: %s", async (_, spelled) => {
    const { world, decide } = await scene("60", undefined, spelled);
    expect((await decide()).decision.photo).toMatchObject({ reason: "influencer" });
    world.consents.withdraw(spelled(LEADER), { at: AT, purpose: "network" });
    const { decision } = await decide();
    expect(decision.photo?.basis).toBe("lookalike");
  });

  it("takes ids that differ in case or leading zeros for other people", async () => {
    const { world, decide } = await scene();
    for (const id of [LEADER, "xena", "yves"]) {
      world.consents.withdraw(id, { at: AT, purpose: "network" });
      consentTo(world, id.toUpperCase());
      consentTo(world, `0${id}`);
    }
    expect((await decide()).decision.photo?.basis).toBe("lookalike");
  });

  it("keeps the rules of the leader's own gate: nobody under age is computed", async () => {
    const { decide } = await scene("17");
    const { decision, opened } = await decide();
    expect(decision.photo?.basis).toBe("lookalike");
    expect(opened).toEqual(["1"]);
  });

  it("drops the choice when the leader withdraws while the portrait is open", async () => {
    const { world, decide } = await scene();
    const { decision } = await decide((photo) => {
      if (photo.endsWith("-0.jpg")) world.consents.withdraw(LEADER, { at: AT, purpose: "network" });
    });
    expect(decision.photo?.basis).not.toBe("drawn");
    expect(decision.photo).not.toHaveProperty("permit");
  });

  it.each(["network", "face_matching"] as const)(
    "is withheld from exports at once when the leader withdraws %s",
    async (purpose) => {
      const { world, decide } = await scene();
      const { decision } = await decide();
      const filter = () =>
        createConsentFilter((ids, uses) => world.consents.stopped(ids, { at: AT, uses })).keep([decision]);
      expect(filter()).toHaveLength(1);
      world.consents.withdraw(LEADER, { at: AT, purpose });
      expect(filter()).toEqual([]);
    },
  );

  it.each([
    ["withdraws network", without("network")("xena")],
    ["withdraws face matching", without("face_matching")("yves")],
    ["is erased", ({ consents }: World) => void consents.erase("xena", AT)],
  ])("is withheld from exports when one of three contacts %s who is not the leader", async (_, change) => {
    const { world, decide } = await scene();
    const { decision } = await decide();
    expect(decision.photo).toMatchObject({ reason: "influencer" });
    change(world);
    const filter = createConsentFilter((ids, uses) => world.consents.stopped(ids, { at: AT, uses }));
    expect(filter.keep([decision])).toEqual([]);
  });

  it("drops the choice when a third contact withdraws while the leader's portrait is open", async () => {
    const { world, decide } = await scene();
    const { decision } = await decide((photo) => {
      if (photo.endsWith("-0.jpg")) world.consents.withdraw("yves", { at: AT, purpose: "face_matching" });
    });
    expect(decision.photo?.basis).not.toBe("drawn");
    expect(decision.photo).not.toHaveProperty("permit");
  });

  it.each([LEADER, "xena"])("loses photo and creatives in the run when %s is erased", async (contact) => {
    const { world, decide } = await scene();
    const { decision } = await decide();
    expect(decision.creatives.length).toBeGreaterThan(0);
    await eraseCustomer(contact, { consents: world.consents, audit: world.audit, outs: [world.out], at: AT });
    const { decision: after } = await decide();
    expect(after.photo?.permit).toBeUndefined();
  });

  it("is off by default, and needs calls and a registry", async () => {
    const { decide } = await scene("60", "{ lookalike: 1 }");
    expect((await decide()).decision.photo?.basis).toBe("lookalike");
    const other = await createWorld(stage, "nocalls", "jurisdiction: NL", CUSTOMERS);
    const path = join(stage.folder, "nocalls.yaml");
    writeFileSync(
      path,
      `${readFileSync(path, "utf8")}experiment: { faces: { lookalike: 0.5, influencer: 0.5 } }\n`,
    );
    const { code, message } = await failure(other.run({ campaign: await loadCampaign(path) }));
    expect(code).toBe("ERR_CAMPAIGN_INVALID");
    expect(message).toContain("call log");
  });
});
