/**
 * The candidate most similar to the word, or null if none is similar (up to a third of the letters may
 * differ).
 */
export function nearestSpelling(word: string, candidates: Iterable<string>): string | null {
  let nearest: string | null = null;
  let best = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    // The edit distance is at least the difference in length.
    if (Math.abs(candidate.length - word.length) > best + BLANKS) continue;
    const distance = editDistance(fold(word), fold(candidate));
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Number of letters that folding may remove from a word. */
const BLANKS = 8;

function fold(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "_")
    .slice(0, 64);
}

/** Levenshtein distance, one row of the matrix at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
