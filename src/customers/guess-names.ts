import type { CustomerMapping } from "./crm.ts";

/** Facts about a column that do not depend on its meaning. */
export interface ColumnFacts {
  readonly name: string;
  /** Present and different in every row. */
  readonly isKey: boolean;
  /** Nearly all values end in a file extension of images. */
  readonly isImages: boolean;
}

/** A role and its common names, the most specific first. */
export interface TableRole<Role extends string> {
  readonly role: Role;
  readonly names: readonly RegExp[];
}

/** The words of a name in lower case with one space between them: `faceConsent_At` is `face consent at`. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}

const IDS = [
  /^customer id$/,
  /^(customer|client|subscriber|member|user|account|contact|crm|person|party) ?(id|no|nr|number|key|code)$/,
  /^(msisdn|customer|subscriber|client)$/,
  /^(id|uid|uuid|guid)$/,
  /\b(id|uuid|guid|nr|no|number|key)$/,
] as const;

const PORTRAIT = /photo|portrait|picture|image|selfie|avatar|face/;
const CONSENT = /consent|agree|permission|opt ?in/;
const OF_FACES = /\b(face|facial|bio|biometrics?|photo|portrait|matching)\b|biometric/;
const ENDS = /expir|until|\bends?\b|valid|\bto$/;
const NO_CONSENT = /withdraw|revok|refus|version|text|source|channel|\bby\b/;

/**
 * Guesses the roles of a customers' file. A consent column counts as consent to face matching only if its
 * name says so.
 */
export function guessCustomers(facts: readonly ColumnFacts[]): {
  readonly mapping: CustomerMapping;
  readonly otherConsents: readonly string[];
} {
  const named = facts.map((fact) => ({ ...fact, words: wordsOf(fact.name) }));
  const keys = named.filter(({ isKey, isImages }) => isKey && !isImages);
  const id = firstOf(IDS, keys) ?? keys[0];
  const images = named.filter(({ isImages }) => isImages);
  const photo = images.find(({ words }) => PORTRAIT.test(words)) ?? images[0];
  const consents = named.filter(({ words }) => CONSENT.test(words) && !NO_CONSENT.test(words));
  const ofFaces = consents.filter(({ words }) => OF_FACES.test(words));
  const given = ofFaces.find(({ words }) => !ENDS.test(words));
  const expires =
    ofFaces.find(({ words }) => ENDS.test(words)) ?? named.find(({ words }) => words === "consent expires");
  const mapping = {
    ...(id && { customer_id: id.name }),
    ...(photo && { photo: photo.name }),
    ...(given && { consent_biometric: given.name }),
    ...(given && expires && { consent_expires: expires.name }),
  };
  const otherConsents = consents.filter((one) => !ofFaces.includes(one) && one !== expires);
  return { mapping, otherConsents: otherConsents.map(({ name }) => name) };
}

/** Finds each role's column by name; a column has at most one role. */
export function guessByName<Role extends string>(
  columns: readonly string[],
  roles: readonly TableRole<Role>[],
): { readonly [role in Role]?: string } {
  const free = new Set(columns);
  const found: { [role in Role]?: string } = {};
  for (const { role, names } of roles) {
    const patterns = [new RegExp(`^${wordsOf(role)}$`), ...names];
    const column = firstOf(
      patterns,
      [...free].map((name) => ({ name, words: wordsOf(name) })),
    );
    if (column === undefined) continue;
    found[role] = column.name;
    free.delete(column.name);
  }
  return found;
}

function firstOf<T extends { readonly words: string }>(
  patterns: readonly RegExp[],
  columns: readonly T[],
): T | undefined {
  for (const pattern of patterns) {
    const column = columns.find(({ words }) => pattern.test(words));
    if (column !== undefined) return column;
  }
  return undefined;
}

export const CALL_NAMES: readonly TableRole<
  "caller_id" | "callee_id" | "started_at" | "duration_s" | "device_manufacturer" | "device_model"
>[] = [
  { role: "caller_id", names: [/^(caller|from|a ?number|calling)\b/, /msisdn|subscriber|customer/] },
  { role: "callee_id", names: [/^(callee|called|to|b ?number|other)\b/, /recipient|contact/] },
  { role: "started_at", names: [/start|begin/, /time|date|\bat$/] },
  { role: "duration_s", names: [/duration|seconds|length/] },
  { role: "device_manufacturer", names: [/manufacturer|maker|vendor|brand|\bmake$/] },
  { role: "device_model", names: [/model|handset|device/] },
];

export const USAGE_NAMES: readonly TableRole<
  "subscriber_id" | "at" | "bytes" | "device_manufacturer" | "device_model"
>[] = [
  { role: "subscriber_id", names: [/subscriber|msisdn|customer|user/, /\bid$/] },
  { role: "at", names: [/time|date|start|\bat$/] },
  { role: "bytes", names: [/bytes|volume|octets/] },
  { role: "device_manufacturer", names: [/manufacturer|maker|vendor|brand|\bmake$/] },
  { role: "device_model", names: [/model|handset|device/] },
];

export const EXPERIMENT_NAMES: readonly TableRole<
  "treatment" | "outcome" | "customer_id" | "value" | "propensity"
>[] = [
  { role: "treatment", names: [/^offer( id)?$/, /treatment|\barm\b|variant|segment|group|campaign|offer/] },
  { role: "outcome", names: [/^convert(ed)?$/, /conversion|bought|purchased?|outcome|response|visit/] },
  { role: "customer_id", names: [/customer|msisdn|subscriber|client|user/, /\bid$/] },
  { role: "value", names: [/^value$/, /revenue|spend|amount/] },
  { role: "propensity", names: [/propensity|probability/] },
];
