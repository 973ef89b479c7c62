import { attributesOf, type LanguageRules } from "./pattern.ts";

/** French. */

const YOU_ARE = "(?:vous êtes|êtes[- ]vous|tu es|es[- ]tu|t['’]es)(?: déjà)?(?: une?)?";
const AS = `(?:${YOU_ARE}|en tant que|pour les)`;
const YOUR = "(?:votre|ton|ta|vos|tes)";

const BELIEFS =
  "chrétien(?:ne)?s?|catholiques?|protestante?s?|musulmane?s?|juifs?|juives?|hindoue?s?|bouddhistes?|athées?";
const ORIGINS =
  "noire?s?|blancs?|blanches?|arabes?|africaine?s?|asiatiques?|maghrébine?s?|immigrée?s?|réfugiée?s?|étrang(?:er|ère)s?";
const ORIENTATIONS =
  "gays?|lesbiennes?|homosexuel(?:le)?s?|hétérosexuel(?:le)?s?|bisexuel(?:le)?s?|queers?|trans";
const HEALTH =
  "enceintes?|handicapée?s?|diabétiques?|dépressi(?:f|ve)s?|en surpoids|obèses?|malades?|sourde?s?|malentendante?s?|aveugles?|alcooliques?";
const CONDITIONS = "handicap|maladie|grossesse|dépression|diabète|surdité|addiction|surpoids";

export const FRENCH: LanguageRules = {
  language: "fr",
  attributes: attributesOf({
    age: [
      "(?:à|pour) (?:votre|ton) âge",
      `${YOUR} (?:âge|anniversaire)`,
      `${YOU_ARE} (?:âgée?s?|retraitée?s?|seniors?|ados?|adolescente?s?|vieux|vieille)`,
      "(?:vous avez|avez[- ]vous|tu as|as[- ]tu)(?: plus de| moins de| déjà)? \\d{2} ans(?! d)",
    ],
    belief: [`${AS} (?:${BELIEFS})`],
    origin: [`${YOU_ARE} (?:${ORIGINS})`, `${YOUR} (?:origines?|couleur de peau|ethnie)`],
    orientation: [`${AS} (?:${ORIENTATIONS})`],
    health: [
      `${AS} (?:${HEALTH})`,
      "(?:souffrez[- ]vous|vous souffrez|souffres[- ]tu|tu souffres) d(?:e|u)?",
      `${YOUR} (?:${CONDITIONS})`,
    ],
    finances: [
      `${YOU_ARE} (?:endettée?s?|surendettée?s?|au chômage|fauchée?s?|ruinée?s?|sans[- ]abri)`,
      `${YOUR} (?:dettes|surendettement|(?:problèmes|soucis) d['’]argent)`,
    ],
    record: [`${YOUR} (?:casier judiciaire|condamnations?)`, `${YOU_ARE} syndiquée?s?`],
    looks: [`${YOUR} (?:visage|sosie|jumeau|jumelle)`, "(?:vous|te) ressemblent?"],
  }),
  suspects: attributesOf({
    something: [
      "parce que (?:vous êtes|tu es)",
      "(?:personnes|gens|femmes|hommes|parents|clients) comme (?:vous|toi)",
      "(?:nous savons|on sait) (?:que|qui) (?:vous|tu)",
    ],
  }),
};
