import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { RgbaImage } from "./types.ts";

/**
 * Drawings (SVG) are rendered in a separate process: a few lines of SVG can keep the native renderer busy for
 * hours.
 */

/**
 * Limits of processor time, s, and memory, bytes, that no logo needs. Load on the machine does not count
 * towards them.
 */
const MOST_SECONDS = 10;
const MOST_BYTES = 3 * 2 ** 30;
/** Limit for a process that neither works nor ends. */
const STALLED_MS = 600_000;

/**
 * The program of the process; it ends with its parent. A string, because it must run both from source and
 * from the built package, without a loader.
 */
const PROGRAM = `
const [library, box, seconds, bytes] = process.argv.slice(1);
const parent = process.ppid;
// The renderer works in a thread of its own, so this one can look at the clock.
setInterval(() => {
  const { user, system } = process.cpuUsage();
  const isOver = user + system > seconds * 1e6 || process.memoryUsage.rss() > bytes;
  if (isOver || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 200).unref();
const { default: sharp } = await import(library);
const { width, height } = JSON.parse(box);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { data, info } = await sharp(Buffer.concat(chunks), { density: 288 })
  .trim({ threshold: 1 })
  .resize({ width, height, fit: "inside" })
  .toColourspace("srgb")
  .ensureAlpha()
  .raw({ depth: "uchar" })
  .toBuffer({ resolveWithObject: true });
process.stdout.write(JSON.stringify({ width: info.width, height: info.height }) + "\\n");
process.stdout.write(data);
`;

/** Whether bytes are SVG text, plain or compressed. */
export function isDrawing(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return true;
  return /^\ufeff?\s*</.test(Buffer.from(bytes.subarray(0, 200)).toString("utf8"));
}

/**
 * Draws SVG without its empty margins to fit inside a box, px.
 *
 * @param seconds maximum processor time, s; default 10
 * @throws Error the bytes are not a drawing, or it takes too much processor time or memory
 */
export async function renderDrawing(
  bytes: Uint8Array,
  maxWidth: number,
  maxHeight: number,
  seconds = MOST_SECONDS,
): Promise<RgbaImage> {
  const library = pathToFileURL(createRequire(import.meta.url).resolve("sharp")).href;
  const box = JSON.stringify({ width: maxWidth, height: maxHeight });
  const output = await runProgram([library, box, String(seconds), String(MOST_BYTES)], bytes);
  const end = output.indexOf(10);
  const { width, height } = JSON.parse(output.toString("utf8", 0, end)) as { width: number; height: number };
  return { width, height, data: new Uint8Array(output.subarray(end + 1)) };
}

function runProgram(args: readonly string[], input: Uint8Array): Promise<Buffer> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    timeout: STALLED_MS,
    killSignal: "SIGKILL",
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  // A process that has ended accepts no input; the reason is in its exit status.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out));
      else if (signal !== null) reject(new Error("drawing it takes too much processor time or memory"));
      else
        reject(
          new Error(/Error: (.*)/.exec(Buffer.concat(err).toString("utf8"))?.[1] ?? "it cannot be drawn"),
        );
    });
  });
}
