import { hasContactData } from "../../ads/index.ts";
import { expected, invalidOption, LookalikeError } from "../../core/index.ts";

/** Public addresses: of creatives, and of offers with their UTM parameters. */

export const UTM_KEYS = ["source", "medium", "campaign", "term", "content"] as const;
export type UtmKey = (typeof UTM_KEYS)[number];

/** Values may contain `{campaign}`, `{offer}` and `{ad}`, which describe the ad and not the customer. */
export type UtmParameters = Readonly<Partial<Record<UtmKey, string | undefined>>>;

export interface UtmValues {
  readonly campaign: string;
  readonly offer: string;
  readonly ad: string;
}

const UTM_PLACEHOLDERS = ["campaign", "offer", "ad"] as const;

/**
 * Checks the folder under which creatives will be served, and returns it with a trailing slash.
 *
 * @throws ERR_OPTION_INVALID no https:// address, or one with a name, a password, a query or a fragment
 */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url?.protocol !== "https:" || !isPlain || text.includes("?") || text.includes("#")) {
    throw invalidOption(
      "an address such as https://cdn.example.com/ads/",
      "base-url",
      text,
      "Pass the https:// URL of the folder that creatives/ is uploaded to, without query or fragment.",
    );
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

/**
 * The public address of a file of the run: always below the base, for every file name.
 *
 * @param base as `checkBaseUrl` returns it
 * @param file relative to the output folder, with slashes
 * @throws ERR_OPTION_INVALID the file's path leaves the folder
 */
export function publicUrl(base: string, file: string): string {
  const segments = file.split(/[/\\]/);
  const isInside = segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
  if (!isInside || file.includes("\0")) {
    throw invalidOption("a path inside the run's folder", "a creative", file);
  }
  return `${base}${segments.map(encodeSegment).join("/")}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(Buffer.from(segment).toString()).replace(/['()*!]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

/**
 * Checks UTM parameters before any work.
 *
 * @throws ERR_OPTION_INVALID a placeholder other than {campaign}, {offer} and {ad}
 * @throws ERR_EXPORT_PERSONAL_DATA a placeholder or value that identifies the customer
 */
export function checkUtm(utm: UtmParameters): void {
  for (const key of UTM_KEYS) {
    const value = utm[key];
    if (value === undefined) continue;
    for (const [whole, name = ""] of value.matchAll(/\{([^{}]*)\}/g)) {
      if (UTM_PLACEHOLDERS.some((known) => known === name)) continue;
      const isPersonal = /customer|user|name|mail|phone|msisdn|(?:^|_)id$/i.test(name);
      throw new LookalikeError(
        isPersonal ? "ERR_EXPORT_PERSONAL_DATA" : "ERR_OPTION_INVALID",
        expected("{campaign}, {offer} or {ad}", `utm-${key}`, whole),
        {
          hint: "UTM parameters must describe the ad, not the customer: analytics tools forbid personal data in them.",
        },
      );
    }
    if (hasContactData(value)) {
      throw new LookalikeError(
        "ERR_EXPORT_PERSONAL_DATA",
        `Expected a word without personal data for utm-${key} but received an e-mail address or a telephone number`,
        { hint: "UTM parameters must describe the ad, not the customer." },
      );
    }
  }
}

/** Sets UTM parameters in an offer's address, replacing those of the same name; the rest stays as it is. */
export function withUtm(address: string, utm: UtmParameters, values: UtmValues): string {
  const url = new URL(address);
  for (const key of UTM_KEYS) {
    const template = utm[key];
    if (template === undefined) continue;
    const value = template.replace(/\{(campaign|offer|ad)\}/g, (_, name: keyof UtmValues) => values[name]);
    url.searchParams.set(`utm_${key}`, value);
  }
  return url.href;
}
