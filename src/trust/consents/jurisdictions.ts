import type { ConsentRecord, Method } from "./types.ts";

/** A law's requirements for a consent to face matching, as far as a record can show them. Not legal advice. */
export interface JurisdictionRule {
  readonly methods: readonly Method[];
  /** The person must have received a notice, and its version must be recorded. */
  readonly needsNotice: boolean;
  /** Older consent is no longer valid; null: no fixed limit. */
  readonly maxAgeDays: number | null;
  readonly source: string;
}

const SIGNED: readonly Method[] = ["written", "electronic_signature"];
const SHOWN: readonly Method[] = [...SIGNED, "online_form", "recorded_call"];

const GDPR: JurisdictionRule = {
  methods: SHOWN,
  needsNotice: true,
  maxAgeDays: null,
  source: "GDPR Art. 9(2)(a) explicit, 7(1) demonstrable, 13 informed",
};

const RULES: Readonly<Record<string, JurisdictionRule>> = {
  "US-IL": {
    methods: SIGNED,
    needsNotice: true,
    maxAgeDays: 3 * 365,
    source: "Illinois BIPA, 740 ILCS 14/15(a) and (b): written release; three years",
  },
  "US-TX": {
    methods: [...SHOWN, "verbal"],
    needsNotice: true,
    maxAgeDays: null,
    source: "Texas CUBI, Bus. & Com. Code 503.001(b): informed and consented",
  },
  "US-WA": {
    methods: [...SHOWN, "verbal"],
    needsNotice: true,
    maxAgeDays: null,
    source: "Washington RCW 19.375.020: notice and consent",
  },
};

const EEA_AND_LIKE = new Set(
  (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK " +
    "IS LI NO GB CH GP GF MQ RE YT MF AX"
  ).split(" "),
);

/** For countries without a written rule, a date in the customers' file is enough. */
const ELSEWHERE: JurisdictionRule = {
  methods: [...SHOWN, "verbal", "crm"],
  needsNotice: false,
  maxAgeDays: null,
  source: "no rule of its own",
};

/** The strictest combination of all rules, for customers without a known country. */
const STRICTEST: JurisdictionRule = {
  methods: SIGNED,
  needsNotice: true,
  maxAgeDays: 3 * 365,
  source: "no jurisdiction known: the strictest rule",
};

/** The rule of a country or of a part of it; null: the country is unknown. */
export function findRule(jurisdiction: string | null): JurisdictionRule {
  if (jurisdiction === null) return STRICTEST;
  const code = jurisdiction.toUpperCase();
  const [country = code] = code.split("-");
  return RULES[code] ?? RULES[country] ?? (EEA_AND_LIKE.has(country) ? GDPR : ELSEWHERE);
}

const DAY_MS = 86_400_000;

/** What a record lacks under a rule; null if it is sufficient. */
export function shortfall(
  consent: Pick<ConsentRecord, "notice" | "givenAt" | "method">,
  rule: JurisdictionRule,
  at: Date,
): "notice" | "method" | "age" | null {
  if (!rule.methods.includes(consent.method)) return "method";
  if (rule.needsNotice && consent.notice === null) return "notice";
  const days = (at.getTime() - consent.givenAt.getTime()) / DAY_MS;
  return rule.maxAgeDays !== null && days > rule.maxAgeDays ? "age" : null;
}
