import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/**
 * The size of the tree: lines and files of each room, the rooms that each room imports, public names, and the start of
 * the command line (after `npm run build`).
 *
 *     npm run rooms
 */

const ROOT = resolve(import.meta.dirname, "..");
const SRC = join(ROOT, "src");
const STARTS = 60;

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|tsx|css|html|sql)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), "utf8") }));
const roomOf = (name: string) => (name.includes(sep) ? (name.split(sep)[0] as string) : "(loose)");
const rooms = [...new Set(files.map(({ name }) => roomOf(name)))].sort();
const linesOf = (of: typeof files) => of.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
const arrows = new Set(
  files.flatMap(({ name, text }) =>
    [...text.matchAll(/\b(?:from|import\()\s*"(\.[^"]+)"/g)].flatMap(([, from = ""]) => {
      const [own, other] = [roomOf(name), roomOf(relative(SRC, resolve(SRC, dirname(name), from)))];
      return own === other ? [] : [`${own} > ${other}`];
    }),
  ),
);
console.table(
  rooms.map((room) => {
    const own = files.filter(({ name }) => roomOf(name) === room);
    const imports = [...arrows].filter((arrow) => arrow.startsWith(`${room} > `)).length;
    return { room, lines: linesOf(own), files: own.length, imports };
  }),
);
const inRooms = [...arrows].filter((arrow) => !/^(\(loose\)|entries) >/.test(arrow));
const both = inRooms.filter((arrow) => arrows.has(arrow.split(" > ").toReversed().join(" > ")));
console.log(
  `${linesOf(files)} lines in ${files.length} files; ${inRooms.length} pairs, ${both.length} in both directions`,
);
const names = readFileSync(join(ROOT, "test/public-names.txt"), "utf8").trim().split("\n");
const main = names.filter((name) => name.startsWith(". "));
console.log(`${main.length} public names in the main entry, ${names.length} with the subpaths`);

/** Milliseconds of one process. */
function start(args: readonly string[]): number {
  const begin = performance.now();
  spawnSync(process.execPath, args, { stdio: "ignore" });
  return performance.now() - begin;
}

const [empty, help]: [number[], number[]] = [[], []];
for (let i = 0; i < STARTS; i++) {
  empty.push(start(["-e", "0"]));
  help.push(start([join(ROOT, "dist/cli/main.js"), "--help"]));
}
const at = (times: readonly number[], share: number) =>
  Math.round(
    times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0,
  );
for (const [name, times] of [
  ["node -e 0", empty],
  ["lookalike --help", help],
] as const) {
  console.log(`${name}: p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms, alternating, ${STARTS} each`);
}
