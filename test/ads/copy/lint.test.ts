import { describe, expect, it } from "vitest";
import { lintCopy, type Platform, platformOf } from "../../../src/ads/index.ts";

function codes(headline: string, platform: Platform, placeholders: readonly string[] = []): string[] {
  const copy = { headline, body: "", cta: "" };
  return lintCopy({ copy, placeholders }, platform).map(({ code, severity }) => `${severity} ${code}`);
}

/** Copy in the languages besides English: what must be found, and ordinary offers that must not. */
const FOREIGN = {
  German: {
    implied: [
      "In deinem Alter zählt jedes Gespräch",
      "Alles Gute zu Ihrem Geburtstag",
      "Bist du über 60?",
      "Sind Sie schwanger?",
      "Leiden Sie unter Schlafstörungen?",
      "Für Muslime in deiner Stadt",
      "Weg mit deinen Schulden",
      "Sie sieht genauso aus wie du. Dein Doppelgänger",
      "Deine Herkunft, dein Tarif",
    ],
    suspect: ["Für Menschen wie dich", "Wir wissen, was Sie brauchen", "Weil du neugierig bist"],
    harmless: [
      "Dein neues iPhone. 128 GB für 29 EUR im Monat.",
      "Wechsle jetzt und behalte deine Nummer.",
      "Sind Sie bereit für 5G?",
      "Ihre Kundin ändert ihr Alter im Profil nie selbst, sie sind sicher",
      "Bist du bereit? Spare 50 % auf das zweite Gerät.",
      "Weiß, schwarz oder blau: das Galaxy für dich",
    ],
  },
  French: {
    implied: [
      "À votre âge, on mérite mieux",
      "Vous avez 60 ans ? Ce forfait est fait pour vous",
      "Êtes-vous enceinte ?",
      "Pour les catholiques de Lyon",
      "Souffrez-vous de diabète ?",
      "Oubliez vos dettes",
      "Ils vous ressemblent",
      "Tu es étranger ? Appelle chez toi",
    ],
    suspect: ["Parce que vous êtes unique", "Des gens comme vous"],
    harmless: [
      "Votre nouvel iPhone, 128 Go, 29 EUR par mois.",
      "Changez d'opérateur et gardez votre numéro.",
      "Vous avez 24 mois pour payer",
      "Vous avez 10 ans de garantie",
      "Le Galaxy noir ou blanc, à vous de choisir",
      "Êtes-vous prêt pour la 5G ?",
    ],
  },
  Dutch: {
    implied: [
      "Op jouw leeftijd telt elk gesprek",
      "Ben je al 65?",
      "Bent u zwanger?",
      "Als moslim bel je voordelig",
      "Lijdt u aan diabetes?",
      "Weg met je schulden",
      "Zij lijkt sprekend op jou",
      "Jouw dubbelganger belt ook",
    ],
    suspect: ["Mensen zoals jij", "Omdat je slim bent"],
    harmless: [
      "Jouw nieuwe iPhone. 128 GB voor 29 EUR per maand.",
      "Stap over en houd je nummer.",
      "Ben je klaar voor 5G?",
      "Wit, zwart of blauw: de Galaxy voor jou",
      "Ben je 50 % sneller?",
    ],
  },
  Spanish: {
    implied: [
      "A tu edad, mereces más",
      "¿Tienes más de 60 años?",
      "¿Estás embarazada?",
      "¿Eres musulmán? Llama a casa",
      "¿Sufres de insomnio?",
      "Olvida tus deudas",
      "Se parece a ti",
      "¿Eres inmigrante?",
    ],
    suspect: ["Porque eres único", "Para gente como tú"],
    harmless: [
      "Tu nuevo iPhone. 128 GB por 29 EUR al mes.",
      "Cámbiate y conserva tu número.",
      "Tienes 10 años de garantía",
      "¿Eres de los que hablan mucho?",
      "Negro, blanco o azul: el Galaxy para ti",
    ],
  },
  Italian: {
    implied: [
      "Alla tua età conta ogni parola",
      "Hai più di 60 anni?",
      "Sei incinta?",
      "Sei musulmano? Chiama a casa",
      "Soffri di insonnia?",
      "Dimentica i tuoi debiti",
      "Ti somiglia",
      "Sei straniero?",
    ],
    suspect: ["Perché sei unico", "Per persone come te"],
    harmless: [
      "Il tuo nuovo iPhone. 128 GB a 29 EUR al mese.",
      "Passa a noi e tieni il tuo numero.",
      "Hai 10 anni di garanzia",
      "Sei pronto per il 5G?",
      "Nero, bianco o blu: il Galaxy per te",
    ],
  },
} as const;

describe("lintCopy", () => {
  it.each([
    "The phone for your age",
    "Are you Christian? Meet others",
    "Just turned 62? Pay less",
    "In your 60s and online",
    "You're depressed? Call now",
    "Help with your debts",
    "A model who looks just like you",
    "Your face, our phone",
    "Are you pregnant?",
    "You are 34 and deserve it",
  ])("refuses %j on Meta and Google and leaves it alone in mail", (headline) => {
    expect(codes(headline, "meta")).toEqual(["error copy_implies_attribute"]);
    expect(codes(headline, "google")).toContain("error copy_implies_attribute");
    expect(codes(headline, "email")).toEqual([]);
    expect(codes(headline, "other")).toEqual([]);
  });

  it("warns of wording that most often leads there", () => {
    expect(codes("Because you are worth it", "meta")).toEqual(["warning copy_may_imply_attribute"]);
    expect(codes("For parents like you", "meta")).toEqual(["warning copy_may_imply_attribute"]);
  });

  it.each([
    "Your next iPhone is on us",
    "See my price",
    "You are 20 % cheaper off with us",
    "128 GB, 29 EUR a month",
    "A camera for black and white",
    "From 1.299,00 EUR to 30 November 2026",
    "Galaxy S26, 2026-11-21 to 2026-12-24",
  ])("has nothing against %j", (headline) => {
    expect(codes(headline, "meta")).toEqual([]);
    expect(codes(headline, "google")).toEqual([]);
  });

  it("refuses placeholders that tell who somebody is, but for handsets", () => {
    expect(codes("Hello", "meta", ["first_name", "current_manufacturer"])).toEqual([
      "error copy_personal_placeholder",
    ]);
    expect(codes("Hello", "google", ["age"])).toEqual(["error copy_personal_placeholder"]);
    expect(codes("Hello", "other", ["age"])).toEqual(["warning copy_personal_placeholder"]);
    expect(codes("Hello", "email", ["first_name"])).toEqual([]);
  });

  describe.each(Object.entries(FOREIGN))("in %s", (_language, { implied, suspect, harmless }) => {
    it.each(implied)("refuses %j", (text) => {
      expect(codes(text, "meta")).toEqual(["error copy_implies_attribute"]);
    });
    it.each(suspect)("warns of %j", (text) => {
      expect(codes(text, "google")).toEqual(["warning copy_may_imply_attribute"]);
    });
    it.each(harmless)("lets %j pass", (text) => {
      expect([...codes(text, "meta"), ...codes(text, "google")]).toEqual([]);
    });
  });

  it("refuses contact data and warns Google's advertisers of shouting", () => {
    expect(codes("Write to sales@lumo.example", "google")).toEqual(["error copy_contact_data"]);
    expect(codes("Call +31 (0)20 123 4567 today", "meta")).toEqual(["error copy_contact_data"]);
    expect(codes("MEGA SALE today", "google")).toEqual(["warning copy_shouting"]);
    expect(codes("Really?!", "google")).toEqual(["warning copy_shouting"]);
    expect(codes("MEGA SALE today", "meta")).toEqual([]);
  });

  it("knows the platform of a built-in channel", () => {
    expect(["square-1080", "email-hero", "rectangle-300x250", "my-own"].map(platformOf)).toEqual([
      "meta",
      "email",
      "other",
      "other",
    ]);
    expect(platformOf("google-1200x628")).toBe("google");
  });
});
