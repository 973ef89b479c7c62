/** Logarithm of the gamma function for x > 0: Stirling's series above 8, the recurrence below. */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  while (shifted < 8) product *= shifted++;
  const inverse = 1 / (shifted * shifted);
  const series = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680));
  const half = 0.5 * Math.log(2 * Math.PI);
  return (shifted - 0.5) * Math.log(shifted) - shifted + half + series / shifted - Math.log(product);
}
