import type { AdCopy } from "../types.ts";
import { ATTRIBUTE_PATTERNS, SUSPECT_PATTERNS } from "./attributes.ts";
import { type Platform, platformOf } from "./platforms.ts";

export type CopyFindingCode =
  /** A placeholder of a column that identifies or describes the customer. */
  | "copy_personal_placeholder"
  /** Words that imply knowledge of a personal attribute. */
  | "copy_implies_attribute"
  /** Words that often do. */
  | "copy_may_imply_attribute"
  /** An e-mail address or a telephone number. */
  | "copy_contact_data"
  /** Capitals or punctuation that reviewers refuse. */
  | "copy_shouting";

export interface CopyFinding {
  readonly code: CopyFindingCode;
  /** `error`: the platform's export refuses the offer. */
  readonly severity: "error" | "warning";
  readonly platform: Platform;
  readonly field: keyof AdCopy;
  readonly message: string;
}

/** An offer's words, and the customers' columns that its placeholders name. */
export interface CopyToLint {
  readonly copy: AdCopy;
  readonly placeholders: readonly string[];
}

/**
 * Columns that describe a handset and no person: the only ones allowed in ads for Meta or Google.
 * Every other column may contain a name, an identifier or a trait.
 */
export const IMPERSONAL_COLUMNS: ReadonlySet<string> = new Set([
  "current_manufacturer",
  "previous_manufacturer",
  "current_model",
  "device_manufacturer",
  "device_model",
]);

const EMAIL = /[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[a-z]{2,}/i;
/** Nine digits or more with the usual separators: longer than any price or date. */
const TELEPHONE = /(?<![\w.])\+?\(?\d(?:[\s().-]{0,2}\d){8,14}(?!\w)/;

/** Whether text contains what looks like an e-mail address or a telephone number. */
export function hasContactData(text: string): boolean {
  return EMAIL.test(text) || TELEPHONE.test(text);
}

/**
 * What a platform's rules for words have to say about an offer's copy. Errors are sure enough to refuse the offer on
 * that platform; warnings are for a person to judge. The same words may be fine elsewhere.
 *
 * @example
 * lintCopy({ copy: { headline: "At your age", body: "", cta: "" }, placeholders: [] }, "meta")[0]?.code;
 * // "copy_implies_attribute"
 */
export function lintCopy({ copy, placeholders }: CopyToLint, platform: Platform): CopyFinding[] {
  const fields = ["headline", "body", "cta"] as const;
  const ofWords = fields.flatMap((field) =>
    lintText(copy[field], platform).map((finding) => ({ ...finding, platform, field })),
  );
  return [...lintPlaceholders(placeholders, platform), ...ofWords];
}

/**
 * Checks the texts of a campaign's offers against the rules of its channels; each finding once per platform.
 *
 * @example
 * for (const { offer, finding } of lintOffers(campaign.offers, ["square-1080"])) console.log(offer.id, finding.code);
 */
export function lintOffers<Offer extends CopyToLint>(
  offers: readonly Offer[],
  channelIds: readonly string[],
): { readonly offer: Offer; readonly finding: CopyFinding }[] {
  const platforms = [...new Set(channelIds.map(platformOf))];
  return offers.flatMap((offer) =>
    platforms.flatMap((platform) => lintCopy(offer, platform).map((finding) => ({ offer, finding }))),
  );
}

/** Placeholders are reported for the headline, wherever they are in the offer. */
function lintPlaceholders(placeholders: readonly string[], platform: Platform): CopyFinding[] {
  if (platform === "email") return [];
  const isPublic = platform === "meta" || platform === "google";
  return placeholders
    .filter((column) => !IMPERSONAL_COLUMNS.has(column))
    .map((column) => ({
      code: "copy_personal_placeholder",
      severity: isPublic ? "error" : "warning",
      platform,
      field: "headline",
      message: `{${column}} reveals data about the customer`,
    }));
}

type Bare = Omit<CopyFinding, "platform" | "field">;

function lintText(text: string, platform: Platform): Bare[] {
  const findings: Bare[] = [];
  if (platform === "meta" || platform === "google") {
    const implied = ATTRIBUTE_PATTERNS.find(({ pattern }) => pattern.test(text));
    const suspect = SUSPECT_PATTERNS.find(({ pattern }) => pattern.test(text));
    const quote = (pattern: RegExp) => `"${pattern.exec(text)?.[0]}"`;
    if (implied !== undefined) {
      const message = `${quote(implied.pattern)} implies knowledge of ${implied.attribute}`;
      findings.push({ code: "copy_implies_attribute", severity: "error", message });
    } else if (suspect !== undefined) {
      const message = `${quote(suspect.pattern)} may imply knowledge of ${suspect.attribute}`;
      findings.push({ code: "copy_may_imply_attribute", severity: "warning", message });
    }
    if (hasContactData(text)) {
      const message = "the text contains an e-mail address or a telephone number";
      findings.push({ code: "copy_contact_data", severity: "error", message });
    }
  }
  if (platform === "google" && isShouting(text)) {
    const message = "capitals or repeated punctuation are refused by reviewers";
    findings.push({ code: "copy_shouting", severity: "warning", message });
  }
  return findings;
}

/** Two long words in capitals, or marks in a row. */
function isShouting(text: string): boolean {
  const capitals = text.match(/\b\p{Lu}{4,}\b/gu) ?? [];
  return capitals.length >= 2 || /[!?]{2,}/.test(text);
}
