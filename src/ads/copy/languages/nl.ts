import { attributesOf, type LanguageRules } from "./pattern.ts";

/** Dutch. */

const YOU_ARE = "(?:ben (?:je|jij)|bent u|(?:je|jij|u) bent)(?: al)?(?: een)?";
const AS = `(?:${YOU_ARE}|als)`;
const YOUR = "(?:jouw|je|uw)";

const BELIEFS = "christen|katholiek|protestant|moslima?|joods|jood|hindoe|boeddhist|atheïst";
const ORIGINS =
  "zwart|blank|wit|aziatisch|arabisch|turks|marokkaans|surinaams|afrikaans|migrant|vluchteling|allochtoon";
const ORIENTATIONS = "homo|homoseksueel|lesbisch|biseksueel|heteroseksueel|queer|transgender";
const HEALTH =
  "zwanger|gehandicapt|diabeet|diabetespatiënt|depressief|te zwaar|ziek|verslaafd|doof|slechthorend|blind";
const CONDITIONS = "handicap|ziekte|zwangerschap|depressie|diabetes|verslaving|gehoorverlies|overgewicht";

export const DUTCH: LanguageRules = {
  language: "nl",
  attributes: attributesOf({
    age: [
      `(?:op|voor) ${YOUR} leeftijd`,
      `${YOUR} (?:leeftijd|verjaardag)`,
      `${YOU_ARE} (?:oud|bejaard|gepensioneerd|senior|tiener|[a-z]+plusser|(?:boven de |over de |onder de )?\\d{2}(?! ?(?:%|procent)))`,
    ],
    belief: [`${AS} (?:een )?(?:${BELIEFS})`],
    origin: [`${YOU_ARE} (?:${ORIGINS})`, `${YOUR} (?:afkomst|herkomst|huidskleur)`],
    orientation: [`${AS} (?:een )?(?:${ORIENTATIONS})`],
    health: [
      `${AS} (?:${HEALTH})`,
      "(?:lijd (?:je|jij)|lijdt u|je lijdt|u lijdt) aan",
      `${YOUR} (?:${CONDITIONS})`,
    ],
    finances: [
      `${YOU_ARE} (?:werkloos|blut|failliet|dakloos)`,
      `${YOUR} (?:schulden|geldproblemen|geldzorgen|faillissement)`,
    ],
    record: [`${YOUR} strafblad`, `${YOU_ARE} (?:vakbondslid|veroordeeld)`],
    looks: [
      `${YOUR} (?:gezicht|dubbelganger|evenbeeld|tweelingbroer|tweelingzus)`,
      "(?:lijkt|lijken) (?:precies |sprekend )?op (?:jou|u)",
    ],
  }),
  suspects: attributesOf({
    something: [
      "omdat (?:je|jij|u)(?: [\\p{L}-]+){1,3} bent",
      "(?:mensen|vrouwen|mannen|ouders|klanten) zoals (?:jij|jou|u)",
      "we weten (?:dat|wie) (?:je|jij|u)",
    ],
  }),
};
