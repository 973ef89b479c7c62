import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { hashBytes } from "../../src/io/files.ts";
import type { DesignMeasure } from "./design.ts";
import type { Rule } from "./finding.ts";

/** The checked creatives of one photo: a line of the results, so that an interrupted check resumes. */
export interface PhotoResult {
  /** Of the photo and everything that the judgement depends on. */
  readonly key: string;
  readonly photo: string;
  readonly faces: number;
  readonly creatives: number;
  readonly padded: number;
  readonly shortened: number;
  readonly seconds: number;
  readonly replaced: number;
  /** Mean brightness of the leading face and of the photo's upper edge, 0 to 255. */
  readonly tones: { readonly face: number; readonly ground: number };
  readonly designs: readonly DesignMeasure[];
  readonly findings: readonly { readonly rule: Rule; readonly message: string; readonly creative: string }[];
}

export function keyOf(parts: unknown): string {
  return hashBytes(JSON.stringify(parts)).slice(0, 20);
}

/** The results so far, by key. A line that a kill cut short is left out. */
export async function readResults(path: string): Promise<Map<string, PhotoResult>> {
  const text = await readFile(path, "utf8").catch(() => "");
  const found = new Map<string, PhotoResult>();
  for (const line of text.split("\n")) {
    try {
      const result = JSON.parse(line) as PhotoResult;
      found.set(result.key, result);
    } catch {
      // Not a whole line.
    }
  }
  return found;
}

export async function appendResult(path: string, result: PhotoResult): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `\n${JSON.stringify(result)}`);
}

export function summaryOf(results: readonly PhotoResult[]): string {
  const sum = (of: (result: PhotoResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const found = (rule: Rule) => sum(({ findings }) => findings.filter((one) => one.rule === rule).length);
  return (
    `${sum((one) => one.creatives)} creatives of ${results.length} photos (${sum((one) => one.faces)} faces) in ` +
    `${sum((one) => one.seconds).toFixed(0)} s: ${found("head")} cut heads, ${found("face")} texts over a face, ` +
    `${found("contrast")} contrast failures, ${found("overflow")} overflows, ${found("weight")} too heavy, ` +
    `${found("picture")} pictures out of place; ` +
    `${sum((one) => one.padded)} framed, ${sum((one) => one.shortened)} shortened, ` +
    `${sum((one) => one.replaced)} in another template`
  );
}

/** Design criteria, each with the share of the creatives that meet it. */
export function designSummary(results: readonly PhotoResult[]): string {
  const designs = results.flatMap((result) => result.designs);
  const values = (of: (design: DesignMeasure) => number | null) =>
    designs.map(of).filter((one) => one !== null);
  const led = designs.filter(({ face }) => face !== null);
  const chosen = led.filter(({ isChosen }) => isChosen);
  const faces = chosen.flatMap(({ face }) => (face ? [face] : []));
  const inRange = faces.filter(
    ({ share, isAtItsLargest }) => share <= 0.46 && (share >= 0.195 || isAtItsLargest),
  );
  const rows: [string, readonly unknown[], number][] = [
    [
      "headline as large as its length asks for",
      ...heldBy(
        values(({ headline }) => headline),
        0.995,
      ),
    ],
    [
      "body no smaller than its least size",
      ...heldBy(
        values(({ body }) => body),
        0.995,
      ),
    ],
    [
      "panel used by 55 % of its height",
      ...heldBy(
        values(({ panel }) => panel),
        0.55,
      ),
    ],
    ["photo can lead in the channel", led, chosen.length],
    ["of these: leading face in its size range", faces, inRange.length],
    ["leading head whole", faces, faces.filter(({ isWhole }) => isWhole).length],
    ["leading face clearly the largest", faces, faces.filter(({ isLargest }) => isLargest).length],
    ["no face at a border", faces, faces.filter(({ atBorder }) => atBorder === 0).length],
    ["no body without its head", faces, faces.filter(({ headless }) => headless === 0).length],
  ];
  return rows
    .map(
      ([name, all, held]) =>
        `${name.padEnd(42)} ${((100 * held) / Math.max(1, all.length)).toFixed(1)} % of ${all.length}`,
    )
    .join("\n");
}

function heldBy(values: readonly number[], least: number): [readonly number[], number] {
  return [values, values.filter((value) => value >= least).length];
}
