/** The fixed texts of a message, in the language of the campaign. */
export interface MailWords {
  /** ISO 639-1 code. */
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

/**
 * @param language ISO 639-1 code; a message in a language without texts here gets its code and the English
 * texts
 */
export function mailWords(language: string | null | undefined): MailWords {
  const known = language ?? "en";
  return { language: known, unsubscribe: UNSUBSCRIBE[known] ?? "Unsubscribe" };
}
