import { attributesOf, type LanguageRules } from "./pattern.ts";

/** Spanish. "Su" is ambiguous: it counts only in a question to the reader. */

const YOU_ARE = "(?:eres|es usted|usted es|sois)(?: ya)?(?: una?)?";
const AS = `(?:${YOU_ARE}|como|para)`;
const YOUR = "(?:tu|tus|vuestr[oa]s?)";

const BELIEFS =
  "cristian[oa]s?|católic[oa]s?|protestantes?|musulman(?:a|as|es)|musulmán|judí[oa]s?|hindúe?s?|budistas?|ate[oa]s?";
const ORIGINS =
  "negr[oa]|blanc[oa]|árabe|african[oa]|asiátic[oa]|gitan[oa]|latin[oa]|indígena|inmigrante|refugiad[oa]|extranjer[oa]";
const ORIENTATIONS = "gay|lesbiana|homosexual|heterosexual|bisexual|queer|trans|transexual|transgénero";
const HEALTH =
  "discapacitad[oa]|diabétic[oa]|depresiv[oa]|obes[oa]|alcohólic[oa]|sord[oa]|cieg[oa]|adict[oa]|enferm[oa]";
const CONDITIONS = "discapacidad|enfermedad|embarazo|depresión|diabetes|sordera|adicción|sobrepeso";

export const SPANISH: LanguageRules = {
  language: "es",
  attributes: attributesOf({
    age: [
      "a (?:tu|su|vuestra) edad",
      `${YOUR} (?:edad|cumpleaños)`,
      `${YOU_ARE} (?:mayor(?: de \\d{2})?|ancian[oa]|jubilad[oa]|adolescente|viej[oa])(?! de edad)`,
      "(?:tienes|tiene usted|usted tiene)(?: más de| menos de| ya)? \\d{2} años(?! de)",
    ],
    belief: [`${AS} (?:${BELIEFS})`],
    origin: [`${YOU_ARE} (?:${ORIGINS})`, `${YOUR} (?:origen|raza|etnia|color de piel)`],
    orientation: [`${AS} (?:${ORIENTATIONS})`],
    health: [
      `${YOU_ARE} (?:${HEALTH})`,
      "(?:estás|está usted) (?:embarazada|enferm[oa]|deprimid[oa])",
      "(?:sufres|sufre usted|padeces|padece usted)",
      `${YOUR} (?:${CONDITIONS})`,
    ],
    finances: [
      "(?:estás|está usted) (?:en paro|desemplead[oa]|arruinad[oa]|endeudad[oa]|sin trabajo)",
      `${YOUR} (?:deudas|problemas de dinero|bancarrota|mal crédito)`,
    ],
    record: [`${YOUR} (?:antecedentes penales|condenas?)`],
    looks: [`${YOUR} (?:cara|rostro|doble|gemel[oa])`, "se parecen? a (?:ti|usted)"],
  }),
  suspects: attributesOf({
    something: [
      "porque (?:eres|usted es)",
      "(?:personas|gente|mujeres|hombres|padres|clientes) como (?:tú|usted)",
      "sabemos que (?:eres|tienes|usted)",
    ],
  }),
};
