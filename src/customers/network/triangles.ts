/**
 * SQL of the triangles of a table of ties (a, b), a less than b: each once, as a, b and c in ascending order.
 *
 * @param selected further columns, of the ties x (a, b), y (a, c) and z (b, c)
 */
export function trianglesOf(ties: string, selected = ""): string {
  return `SELECT x.a, x.b, y.b AS c${selected} FROM ${ties} x
    JOIN ${ties} y ON y.a = x.a AND y.b > x.b JOIN ${ties} z ON z.a = x.b AND z.b = y.b`;
}
