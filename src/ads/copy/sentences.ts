/** A text's sentences with the blanks behind them; the point in "29.95" ends none. */
export function sentencesOf(text: string): string[] {
  return text.match(/\S.*?(?:[.!?؟…]+["”’)]*(?=\s|$)|[。！？]+|$)\s*/gsu) ?? [];
}

/** The first of a text's sentences. */
export function firstSentences(text: string, count: number): string {
  return sentencesOf(text).slice(0, count).join("").trim();
}
