import { attributesOf, type LanguageRules } from "./pattern.ts";

/** German. "Sie" and "Ihr" count with a capital only: in small letters they are other people. */

const YOU_ARE = "(?:[Bb]ist du|[Dd]u bist|[Ss]ind Sie|Sie sind|[Ss]eid ihr)(?: schon| bereits)?(?: eine?)?";
const AS = `(?:${YOU_ARE}|[Aa]ls|[Ff]ür|[Uu]nter)`;
const YOUR = "(?:[Dd]ein|[Ee]uer|Ihr)(?:e|er|em|en|es)?";

const BELIEFS =
  "(?:Christ|Katholik|Protestant|Muslim|Buddhist|Atheist)(?:in|en|e|innen)?|Muslimas?|Juden?|Jüdin|Hindus?";
const ORIGINS =
  "schwarz|weiß|asiatisch|arabisch|türkisch|afrikanisch|Migrant(?:in)?|Flüchtling|Ausländer(?:in)?|Asylbewerber(?:in)?";
const ORIENTATIONS =
  "schwul|Schwule|lesbisch|Lesben?|bisexuell|homosexuell|heterosexuell|queer|trans|transsexuell";
const HEALTH =
  "schwanger|behindert|schwerbehindert|depressiv|übergewichtig|adipös|süchtig|krank|gehörlos|schwerhörig|blind|Diabetiker(?:in)?|Allergiker(?:in)?";
const ILLNESSES = "Diabetes|Depressionen|Übergewicht|Krebs|Rheuma|Schlafstörungen|Angststörungen";
const FINANCES = "arbeitslos|pleite|verschuldet|überschuldet|obdachlos|bankrott";

export const GERMAN: LanguageRules = {
  language: "de",
  attributes: attributesOf(
    {
      age: [
        "[IiFf](?:n|ür) (?:deinem|Ihrem|eurem|dein|Ihr) Alter",
        `${YOUR} (?:Alter|Geburtstag)s?`,
        `${YOU_ARE} (?:alt|älter|Senior(?:in)?|Rentner(?:in)?|im Ruhestand|Teenager|(?:über |unter )?\\d{2}(?! ?(?:%|Prozent)))`,
      ],
      belief: [`${AS} (?:${BELIEFS})`],
      origin: [`${YOU_ARE} (?:${ORIGINS})`, `${YOUR} (?:Herkunft|Hautfarbe|Abstammung|Ethnie)`],
      orientation: [`${AS} (?:${ORIENTATIONS})`],
      health: [
        `${AS} (?:${HEALTH})`,
        `(?:[Ll]eidest du|[Ll]eiden Sie) (?:an|unter)`,
        `(?:[Hh]ast du|[Hh]aben Sie) (?:${ILLNESSES})`,
        `${YOUR} (?:Krankheit|Behinderung|Depression|Schwangerschaft|Sucht|Diabetes|Übergewicht)`,
      ],
      finances: [
        `${YOU_ARE} (?:${FINANCES})`,
        `${YOUR} (?:Schulden|Geldsorgen|Geldprobleme|Insolvenz|schlechten? Bonität)`,
      ],
      record: [`${YOU_ARE} (?:vorbestraft|Gewerkschafter(?:in)?)`, `${YOUR} Vorstrafen?`],
      looks: [
        `${YOUR} (?:Gesicht|Doppelgänger(?:in)?|Ebenbild|Zwilling)s?`,
        "(?:sieht|sehen) (?:genau |fast )?(?:so )?aus wie (?:du|Sie)",
        "(?:ähnelt|ähneln) (?:dir|Ihnen)|(?:dir|Ihnen) (?:zum Verwechseln )?ähnlich (?:sieht|sehen)",
      ],
    },
    "u",
  ),
  suspects: attributesOf(
    {
      something: [
        "[Ww]eil (?:du|Sie)(?: [\\p{L}-]+){1,3} (?:bist|sind)",
        "(?:Menschen|Leute|Frauen|Männer|Eltern|Kunden) wie (?:du|dich|Sie)",
        "[Ww]ir wissen, (?:dass|was) (?:du|Sie)",
      ],
    },
    "u",
  ),
};
