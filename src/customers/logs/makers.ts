import { BLANKS } from "../../core/index.ts";
import { MISSING_WORDS } from "../../tables/index.ts";

/** Maps the spellings of logs to one name per maker of handsets. */

/** Values in logs for an unknown handset. */
const UNKNOWN = new Set([
  ...MISSING_WORDS,
  ...(
    "unknown|unk|undefined|undef|no data|not available|not known|not set|unspecified|generic|default|missing|" +
    "?|.|0|00|0000|unbekannt|inconnu|desconocido|sconosciuto|onbekend"
  ).split("|"),
]);

/** Words of companies' names that do not identify the maker. */
const LEGAL =
  /[\s,.]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|ab|oy|oyj|sa|srl|bv|kk|pte|pty|group|holdings?|international|electronics|communications?|technolog(?:y|ies)|telecommunications?|telecom|mobile|mobility|mobiles|devices?|computer)\.?(?=$|[\s,.])/g;

/**
 * Names of brands and companies by their maker, in lower case and without legal words. docs/campaign.md lists
 * them; `inputs.manufacturers` extends them and takes precedence.
 */
const MAKER_ALIASES: Readonly<Record<string, string>> = {
  iphone: "Apple",
  ipad: "Apple",
  galaxy: "Samsung",
  "samsung galaxy": "Samsung",
  redmi: "Xiaomi",
  "xiaomi redmi": "Xiaomi",
  poco: "Xiaomi",
  "xiaomi poco": "Xiaomi",
  pocophone: "Xiaomi",
  mi: "Xiaomi",
  "beijing xiaomi": "Xiaomi",
  honor: "Huawei",
  "huawei honor": "Huawei",
  lge: "LG",
  moto: "Motorola",
  "motorola solutions": "Motorola",
  "google pixel": "Google",
  pixel: "Google",
  "research in motion": "BlackBerry",
  rim: "BlackBerry",
  sonyericsson: "Sony Ericsson",
  "guangdong oppo": "OPPO",
  "oneplus (shenzhen)": "OnePlus",
};

export type OwnMakers = Readonly<Record<string, string>>;

/** The maker of a spelling in the log. */
export interface MakerName {
  /** Spellings with the same key are one maker. */
  readonly key: string;
  /** The maker's name if the log has no spelling of the key. */
  readonly name: string;
}

/**
 * Creates a function that maps spellings of one log to makers.
 *
 * @param own makers by spelling, in any case; they take precedence over all others
 * @returns null for a spelling that names no maker
 */
export function createMakerNames(own: OwnMakers = {}): (spelling: string) => MakerName | null {
  const ownKeys = new Map(Object.entries(own).map(([from, to]) => [fold(from), tidy(to)]));
  return (spelling) => {
    const key = fold(spelling);
    const requested = ownKeys.get(key);
    if (requested !== undefined) return requested === "" ? null : { key: fold(requested), name: requested };
    if (key === "" || UNKNOWN.has(key)) return null;
    const bare = key.replace(LEGAL, "").trim() || key;
    const alias = Object.hasOwn(MAKER_ALIASES, bare) ? MAKER_ALIASES[bare] : undefined;
    if (alias !== undefined) return { key: fold(alias), name: alias };
    const name = tidy(spelling);
    return {
      key: bare,
      name: name.slice(0, bare.length).toLowerCase() === bare ? name.slice(0, bare.length) : name,
    };
  };
}

const BLANK = new RegExp(`[${BLANKS.replace(/[\\\]^-]/g, "\\$&")}]+`, "g");

/** Collapses inner whitespace and trims. */
function tidy(text: string): string {
  return text.normalize("NFC").replace(BLANK, " ").trim();
}

function fold(text: string): string {
  return tidy(text).toLowerCase();
}
