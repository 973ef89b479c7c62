/** What a message says of its own, in the language of the campaign's words. */
export interface MailWords {
  /** ISO 639-1. */
  readonly language: string;
  readonly unsubscribe: string;
}

const UNSUBSCRIBE: Readonly<Record<string, string>> = {
  en: "Unsubscribe",
  de: "Abmelden",
  es: "Darse de baja",
  fr: "Se désabonner",
  it: "Annulla l'iscrizione",
  nl: "Afmelden",
};

/** @param language ISO 639-1; of a language without words here, the message is marked as such and says it in English */
export function mailWords(language: string | null | undefined): MailWords {
  const known = language ?? "en";
  return { language: known, unsubscribe: UNSUBSCRIBE[known] ?? "Unsubscribe" };
}
