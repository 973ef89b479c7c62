import { nearestSpelling } from "./spelling.ts";

/** Countries and their parts, as releases, consents and campaigns name them (ISO 3166). */

/** ISO 3166-1 alpha-2, the 249 officially assigned codes. Source: ISO Online Browsing Platform. */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO " +
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE " +
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO " +
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW " +
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM " +
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
  ).split(" "),
);

/**
 * Common spellings and the code to use instead; empty for a union or a placeholder that has no single code.
 */
const MISTAKEN: Readonly<Record<string, string>> = {
  UK: "GB",
  EL: "GR",
  EN: "GB",
  SW: "SE",
  JA: "JP",
  DEU: "DE",
  GER: "DE",
  GBR: "GB",
  NLD: "NL",
  USA: "US",
  FRA: "FR",
  ESP: "ES",
  ITA: "IT",
  CHE: "CH",
  AUT: "AT",
  BEL: "BE",
  HOLLAND: "NL",
  ENGLAND: "GB",
  SCOTLAND: "GB",
  EU: "",
  EEA: "",
  XX: "",
  ZZ: "",
};

/** The upper-case code of a country or of a part of one (`US-CA`); null if the text is not such a code. */
export function parseTerritory(text: string): string | null {
  const code = text.trim().toUpperCase();
  const [country = "", ...parts] = code.split("-");
  if (!COUNTRIES.has(country) || parts.length > 1) return null;
  return parts.every((part) => /^[A-Z0-9]{1,3}$/.test(part)) ? code : null;
}

/** The most similar code; null if none is similar. */
function nearestTerritory(text: string): string | null {
  const [word = "", ...parts] = text.trim().toUpperCase().split("-");
  const known = MISTAKEN[word];
  if (known !== undefined) return known === "" ? null : [known, ...parts].join("-");
  if (word.length < 4) return null;
  const names = new Intl.DisplayNames(["en"], { type: "region" });
  const codeOf = new Map([...COUNTRIES].map((code) => [names.of(code) ?? code, code]));
  const name = nearestSpelling(text, codeOf.keys());
  return name === null ? null : (codeOf.get(name) ?? null);
}

/** The "expected ..." part of a message, with the code that was probably meant. */
export function expectedTerritory(text: string): string {
  const nearest = nearestTerritory(text);
  const hint = nearest === null ? "" : ` (did you mean ${nearest}?)`;
  return `an ISO 3166 code such as NL or US-CA${hint}`;
}
