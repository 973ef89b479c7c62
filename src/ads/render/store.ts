import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { hashBytes, makeFolder, writeFileAtomic } from "../../io/files.ts";
import { AD_WARNING_CODES, type AdWarning, type Creative, type CreativeLayout } from "../types.ts";

/** Finished creatives on disk: a picture named by its content, and a note that proves that it is complete. */

export interface StoredCreative {
  readonly creative: Creative;
  /** What it shows, in words. */
  readonly alt: string;
  readonly warnings: readonly AdWarning[];
  readonly layout: CreativeLayout;
  readonly origin?: CreativeOrigin | undefined;
}

/** What a creative was made of, for erasures. Notes of earlier versions lack it. */
export interface CreativeOrigin {
  /** SHA-256 of the photo's file. */
  readonly photo: string;
  /** Its texts contain values of a customer. */
  readonly isPersonal: boolean;
}

const rect = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const note = z.object({
  creative: z.object({
    channel: z.string(),
    file: z.string(),
    width: z.number(),
    height: z.number(),
    bytes: z.number(),
    sha256: z.string(),
  }),
  alt: z.string(),
  warnings: z.array(
    z.object({
      code: z.enum(AD_WARNING_CODES),
      channel: z.string(),
      message: z.string(),
    }),
  ),
  layout: z.object({
    headline: rect,
    body: rect,
    button: rect,
    cta: rect,
    logo: rect,
    legal: rect,
    letters: z.object({ headline: z.number(), body: z.number(), lineHeight: z.number() }),
    picture: z.object({ region: rect, target: rect, radius: z.number() }),
    panel: rect.nullable(),
    panelRise: z.number(),
    faded: rect.nullable(),
    colors: z.object({ headline: z.string(), body: z.string(), cta: z.string() }),
  }),
  origin: z.object({ photo: z.string(), isPersonal: z.boolean() }).optional(),
});

/** Outside the folders of pictures, in which other tools read every file as a picture. */
export const NOTES_FOLDER = ".lookalike";

/** @param file the creative's path in the output folder */
export function notePath(out: string, file: string): string {
  return join(out, NOTES_FOLDER, `${file}.json`);
}

/** The creative of an earlier run; null if its note or its picture is missing, damaged or changed. */
export async function readStored(out: string, file: string): Promise<StoredCreative | null> {
  try {
    const stored = note.parse(JSON.parse(await readFile(notePath(out, file), "utf8")));
    const bytes = await readFile(join(out, file));
    return stored.creative.file === file && hashBytes(bytes) === stored.creative.sha256 ? stored : null;
  } catch {
    return null;
  }
}

/** The origin recorded in a creative's note; null: there is no note, or it lacks the origin. */
export async function readOrigin(out: string, file: string): Promise<CreativeOrigin | null> {
  const text = await readFile(notePath(out, file), "utf8").catch(() => null);
  return text === null ? null : parseOrigin(text);
}

/** The origin recorded in the text of a creative's note; null: it lacks the origin, or is damaged. */
export function parseOrigin(text: string): CreativeOrigin | null {
  try {
    return note.parse(JSON.parse(text)).origin ?? null;
  } catch {
    return null;
  }
}

/** Writes the image first, so that a note never refers to a missing image. */
export async function writeStored(out: string, stored: StoredCreative, data: Uint8Array): Promise<void> {
  const picture = join(out, stored.creative.file);
  const beside = notePath(out, stored.creative.file);
  await makeFolder(dirname(picture));
  await makeFolder(dirname(beside));
  await writeFileAtomic(picture, data);
  await writeFileAtomic(beside, JSON.stringify(stored));
}
