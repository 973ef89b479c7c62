/**
 * Handset switching in the Netherlands: respondents by the brand they had before (rows) and the one they have now
 * (columns), 1,806 people. Deloitte Netherlands 2014 survey, as published with the D3 chord diagram example.
 */
export const MANUFACTURERS = ["Apple", "HTC", "Huawei", "LG", "Nokia", "Samsung", "Sony", "Other"] as const;

export const SWITCHING: readonly (readonly number[])[] = [
  [175, 2, 1, 1, 4, 21, 1, 4],
  [16, 33, 5, 2, 8, 47, 9, 13],
  [1, 0, 4, 1, 0, 0, 0, 0],
  [8, 9, 4, 22, 5, 25, 6, 6],
  [46, 20, 7, 21, 188, 158, 8, 30],
  [44, 19, 15, 12, 22, 304, 16, 27],
  [10, 4, 1, 9, 9, 31, 32, 2],
  [46, 9, 6, 19, 51, 101, 8, 98],
];

/** P(next | current) of the survey, rows in the order of `MANUFACTURERS`. */
export function switchingProbabilities(current: number): number[] {
  const row = SWITCHING[current] ?? [];
  const sum = row.reduce((total, count) => total + count, 0);
  return row.map((count) => count / sum);
}
