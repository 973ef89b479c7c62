/**
 * vector' matrix^-1 vector of a symmetric matrix that is positive semidefinite, by elimination with the
 * largest pivot first. Directions without variance are ignored.
 */
export function inverseForm(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  const n = vector.length;
  const a = matrix.map((row, i) => [...row, vector[i] as number]);
  const open = new Set(a.keys());
  const largest = Math.max(0, ...a.map((row, i) => row[i] as number));
  let total = 0;
  while (open.size > 0) {
    let pivot = -1;
    for (const i of open) if (pivot < 0 || (a[i]?.[i] as number) > (a[pivot]?.[pivot] as number)) pivot = i;
    const top = a[pivot] as number[];
    const size = top[pivot] as number;
    open.delete(pivot);
    if (!(size > 1e-12 * largest)) break;
    total += (top[n] as number) ** 2 / size;
    for (const i of open) {
      const row = a[i] as number[];
      const share = (row[pivot] as number) / size;
      for (let j = 0; j <= n; j++) row[j] = (row[j] as number) - share * (top[j] as number);
    }
  }
  return total;
}
