import { attributesOf, type LanguageRules } from "./pattern.ts";

/** Italian. */

const YOU_ARE = "(?:sei|siete|lei è)(?: già)?(?: una?)?";
const AS = `(?:${YOU_ARE}|come|per)`;
const YOUR = "(?:tuo|tua|tuoi|tue|vostr[oaie])";

const BELIEFS =
  "cristian[oaie]|cattolic[oaie]|cattoliche|protestant[ei]|musulman[oaie]|ebre[oaie]|indù|buddist[aie]|ate[oaie]";
const ORIGINS =
  "ner[oa]|bianc[oa]|arab[oa]|african[oa]|asiatic[oa]|rom|immigrat[oa]|rifugiat[oa]|stranier[oa]";
const ORIENTATIONS = "gay|lesbica|omosessuale|eterosessuale|bisessuale|queer|trans|transessuale|transgender";
const HEALTH =
  "incinta|disabile|diabetic[oa]|depress[oa]|obes[oa]|sovrappeso|malat[oa]|sord[oa]|ciec[oa]|alcolista|dipendente da";
const CONDITIONS = "disabilità|malattia|gravidanza|depressione|diabete|sordità|dipendenza|obesità";

export const ITALIAN: LanguageRules = {
  language: "it",
  attributes: attributesOf({
    age: [
      "alla (?:tua|sua|vostra) età",
      `${YOUR} (?:età|compleanno)`,
      `${YOU_ARE} (?:anzian[oa]|pensionat[oa]|adolescente|vecchi[oa])`,
      "(?:hai|lei ha|avete)(?: più di| meno di| già)? \\d{2} anni(?! di)",
    ],
    belief: [`${AS} (?:${BELIEFS})`],
    origin: [`${YOU_ARE} (?:${ORIGINS})`, `${YOUR} (?:origini|origine|razza|etnia|colore della pelle)`],
    orientation: [`${AS} (?:${ORIENTATIONS})`],
    health: [`${YOU_ARE} (?:${HEALTH})`, "(?:soffri|soffre|soffrite) di", `${YOUR} (?:${CONDITIONS})`],
    finances: [
      `${YOU_ARE} (?:disoccupat[oa]|indebitat[oa]|al verde|fallit[oa]|senzatetto)`,
      `${YOUR} (?:debiti|problemi di soldi|problemi economici)`,
    ],
    record: [`${YOUR} (?:precedenti penali|fedina penale|condann[ae])`],
    looks: [
      `${YOUR} (?:volto|viso|faccia|sosia|gemell[oa])`,
      "(?:ti|le|vi) (?:as)?somiglia(?:no)?|(?:as)?somiglia(?:no)? a te",
    ],
  }),
  suspects: attributesOf({
    something: [
      "perché sei",
      "(?:persone|donne|uomini|genitori|clienti) come (?:te|lei|voi)",
      "sappiamo (?:che|chi) sei",
    ],
  }),
};
