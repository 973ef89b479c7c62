import { existsSync } from "node:fs";
import type { CustomerBatch, Customers, Influence } from "../../customers/index.ts";
import type { FaceEngine } from "../../faces/index.ts";
import type { FeatureKind } from "../../tables/index.ts";
import type { ConsentRegistry } from "../../trust/index.ts";
import type { PortraitRequest, PrivacyGate } from "../privacy/gate.ts";
import { describePortraits } from "../privacy/portraits.ts";
import type { CampaignPrivacy } from "../types.ts";
import type { NetworkPhoto } from "../types-choice.ts";
import { createOwnCheck, unlessChanged } from "./own-picture.ts";
import { type FaceCustomer, findLookalike, type LookalikeSearch, pickFace, tooNear } from "./portrait.ts";

/** Least number of eligible contacts: with fewer, a customer could infer who it was. */
const LEAST_CONTACTS = 3;

/**
 * The arm `influencer` of the face layer: the photo nearest to the portrait of the contact with the most
 * influence.
 */
export interface NetworkArm {
  /** null: no photo based on the network is shown to this customer. */
  choose(customer: FaceCustomer): Promise<NetworkPhoto | null>;
}

export interface NetworkArmParts {
  readonly customers: Customers;
  readonly influence: Influence;
  /** Kinds of the customers' columns. */
  readonly kinds: Readonly<Record<string, FeatureKind>>;
  readonly privacy: CampaignPrivacy;
  readonly consents: ConsentRegistry;
  readonly gate: PrivacyGate;
  readonly engine: FaceEngine;
  readonly now: () => Date;
  readonly signal: AbortSignal | undefined;
}

/**
 * Creates the arm. A contact is eligible if the person consents to `network` and to `face_matching` at that
 * moment, is not excluded by a rule of the campaign, and has a portrait. The portrait is opened under that
 * person's own gate, its embedding is kept for one decision, and neither decision nor log nor audit names the
 * person: the audit records that a face was computed, not whose.
 */
export function createNetworkArm(parts: NetworkArmParts): NetworkArm {
  const { influence, consents, gate, engine, privacy, now, signal } = parts;
  const consenting = (ids: readonly string[]) =>
    new Set(consents.consenting("network", { at: now(), jurisdiction: privacy.jurisdiction, among: ids }));
  const unnamed = { refusal: gate.refusal, note: () => gate.noteUnnamed() };
  return {
    async choose(customer) {
      const { customerId, search } = customer;
      const contacts = (await influence.of([customerId])).get(customerId) ?? [];
      const given = consenting([customerId, ...contacts.map(({ contact }) => contact)]);
      if (!given.has(customerId)) return null;
      const requests = await portraitRequestsOf(
        parts,
        contacts.map(({ contact }) => contact).filter((contact) => given.has(contact)),
      );
      // Without one of these, too few may be left.
      const needed = contacts.flatMap(({ contact }) => requests.get(contact) ?? []).slice(0, LEAST_CONTACTS);
      const [request] = needed;
      if (request === undefined || needed.length < LEAST_CONTACTS) return null;
      const portraits = describePortraits([request], { engine, gate: unnamed, signal });
      try {
        const found = await portraits.take(request);
        const face = typeof found === "string" ? found : pickFace(found, search.policy);
        if (typeof found === "string" || typeof face === "string") return null;
        const others = await withoutCustomer(customer);
        const choice = await unlessChanged(
          () => findLookalike(face, found.photo, others),
          () => null,
        );
        if (choice?.status !== "matched" || (await createOwnCheck(customer.portrait)(choice.match)))
          return null;
        const ids = needed.map((each) => each.customerId);
        const permit = consents.permit(customerId, ids, endOf(parts, needed));
        // A withdrawal during the computation of the portrait may be older than the permit.
        const isPermitted = () =>
          needed.every((each) => gate.refusal(each) === null) &&
          consenting([customerId, ...ids]).size === 1 + ids.length &&
          consents.endedPermits([{ customerId, permit }], now()).size === 0;
        const { photo, faceIndex } = choice.match;
        return isPermitted() ? { photo, faceIndex, network: { permit, isPermitted } } : null;
      } finally {
        await portraits.close();
      }
    },
  };
}

/** The eligible contacts, by id. Contacts who are not customers of the campaign have no portrait. */
async function portraitRequestsOf(
  { customers, kinds, gate, now, signal }: NetworkArmParts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PortraitRequest>> {
  const found = new Map<string, PortraitRequest>();
  if (ids.length < LEAST_CONTACTS) return found;
  for await (const batch of await customers.read({ ids, features: kinds, now: now(), signal })) {
    const blocked = await gate.blocked(batch.table);
    for (const [row, id] of batch.ids.entries()) {
      const request = portraitRequestOf(gate, batch, row);
      const { photo } = request;
      if (blocked[row] === null && photo !== null && gate.refusal(request) === null && existsSync(photo))
        found.set(id, request);
    }
  }
  return found;
}

/** The portrait that a row of a batch may open. */
export function portraitRequestOf(gate: PrivacyGate, batch: CustomerBatch, row: number): PortraitRequest {
  return {
    customerId: batch.ids[row] ?? "",
    photo: batch.photos[row] ?? null,
    crm: batch.consents[row] ?? { status: "missing" },
    jurisdiction: gate.jurisdictionOf(batch.table, row),
  };
}

/** Excludes photos that may show the customer. */
async function withoutCustomer({ face, search }: FaceCustomer): Promise<LookalikeSearch> {
  const near = await tooNear(face, search);
  return { ...search, excludePhotos: new Set([...(search.excludePhotos ?? []), ...near]) };
}

/** When the first consent of these contacts ends; null: none does. */
function endOf(
  { consents, privacy, now }: NetworkArmParts,
  requests: readonly PortraitRequest[],
): Date | null {
  const at = now();
  const { crmConsent } = privacy;
  const verdicts = requests.flatMap(({ customerId, crm, jurisdiction }) => [
    consents.status(customerId, { crm, crmConsent, jurisdiction, at }),
    consents.status(customerId, { purpose: "network", crm: { status: "missing" }, jurisdiction, at }),
  ]);
  const ends = verdicts.flatMap((verdict) =>
    verdict.status === "given" && verdict.expiresAt !== null ? [verdict.expiresAt.getTime()] : [],
  );
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}
