import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { LookalikeError } from "../core/index.ts";
import { readNamed, reason, writeFileAtomic } from "../io/files.ts";

/**
 * Encryption of all files with one 256-bit key. Every use has a separate key, derived with HKDF-SHA256 (RFC
 * 5869), so that no two algorithms share one. Data is sealed with AES-256-GCM, so a changed byte is an error.
 */
export interface Vault {
  /** Identifies a key without revealing it; 16 hexadecimal digits. */
  readonly keyId: string;
  /** The key of a database file, in the form for `openSqlite`. */
  readonly databaseKey: string;
  /** 32 bytes that are specific to this key and this purpose. */
  derive(purpose: string): Buffer;
  /**
   * Encrypts text to one line that is bound to its place: `lk1.` and base64url. `place` is checked when it is
   * opened.
   */
  sealText(text: string, place: string): string;
  /**
   * @param shown name of the place in messages; default: `place`
   * @throws ERR_KEY_WRONG another key, another place, or a changed byte
   */
  openText(sealed: string, place: string, shown?: string): string;
  /** Encrypts the bytes of a whole file, in authenticated chunks after a header with version and key id. */
  sealBytes(data: Uint8Array, place: string): Buffer;
  /** @throws ERR_KEY_WRONG */
  openBytes(sealed: Uint8Array, place: string): Buffer;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CHUNK_BYTES = 1 << 20;
const TEXT_PREFIX = "lk1.";
/** "LKV" and the version of the format. */
const MAGIC = Buffer.from([0x4c, 0x4b, 0x56, 1]);

/** Sources of a command's key. */
export interface KeySource {
  readonly keyFile?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Opens the vault with the key from a key file, otherwise from `LOOKALIKE_KEY_FILE` (a path) or
 * `LOOKALIKE_KEY` (the key itself).
 *
 * @returns null if no key is given: files are then not encrypted
 * @throws ERR_KEY_INVALID the file cannot be read or does not contain 32 bytes: raw, hexadecimal or base64
 *
 * @example const vault = await findVault({ keyFile: "key", env: process.env });
 */
export async function findVault({ keyFile, env = {} }: KeySource): Promise<Vault | null> {
  const path = keyFile ?? (env.LOOKALIKE_KEY_FILE || undefined);
  if (path !== undefined) return createVault(parseKey(await readKey(path), path));
  const { LOOKALIKE_KEY: given } = env;
  return given ? createVault(parseKey(Buffer.from(given), "LOOKALIKE_KEY")) : null;
}

/**
 * Writes a new random key, readable only by its owner. An existing file is never replaced.
 *
 * @throws ERR_KEY_INVALID the file exists or cannot be written
 *
 * @example const vault = await writeKeyFile("key"); console.log(vault.keyId);
 */
export async function writeKeyFile(path: string): Promise<Vault> {
  if (existsSync(path)) {
    throw badKey(
      `Expected a new file for ${path} but there is one`,
      "Choose another name: a lost key is lost data.",
    );
  }
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomic(path, `${key.toString("hex")}\n`, 0o600);
  return createVault(key);
}

/**
 * Encrypts and decrypts with one key.
 *
 * @param key 32 bytes
 * @throws ERR_KEY_INVALID the key does not have 32 bytes
 *
 * @example
 * const vault = createVault(randomBytes(32));
 * const gallery = await openGallery("gallery", { vault });
 */
export function createVault(key: Uint8Array): Vault {
  if (key.length !== KEY_BYTES) {
    throw badKey(`Expected ${KEY_BYTES} bytes for the key but received ${key.length}`);
  }
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", key, Buffer.alloc(0), `lookalike/1/${purpose}`, KEY_BYTES));
  const keyId = derive("key id").toString("hex").slice(0, 16);
  const textKey = derive("text");
  const bytesKey = derive("bytes");
  return {
    keyId,
    databaseKey: derive("database").toString("hex"),
    derive,
    sealText: (text, place) =>
      TEXT_PREFIX + seal(textKey, Buffer.from(text), Buffer.from(place)).toString("base64url"),
    openText(sealed, place, shown = place) {
      if (!sealed.startsWith(TEXT_PREFIX)) throw wrongKey(shown, "it is not sealed");
      const box = Buffer.from(sealed.slice(TEXT_PREFIX.length), "base64url");
      return open(textKey, box, Buffer.from(place), shown).toString("utf8");
    },
    sealBytes: (data, place) => sealChunks(bytesKey, keyId, data, place),
    openBytes: (sealed, place) => openChunks(bytesKey, keyId, Buffer.from(sealed), place),
  };
}

/** Whether a line of text is sealed, under any key. */
export function isSealedText(text: string): boolean {
  return text.startsWith(TEXT_PREFIX);
}

/** Keyed hash of an identifier, lower-case hex: it allows comparison but not identification. */
export function pseudonym(key: Uint8Array, id: string): string {
  return createHmac("sha256", key).update(id).digest("hex");
}

export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function seal(key: Uint8Array, data: Uint8Array, context: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(context);
  return Buffer.concat([nonce, cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, box: Buffer, context: Uint8Array, place: string): Buffer {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw wrongKey(place, "it is cut short");
  const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAAD(context);
  decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw wrongKey(place, "it was sealed with another key, or changed since", cause);
  }
}

/** Each chunk is bound to its number, the file's random id and whether it is the last: none can be moved or removed. */
function sealChunks(key: Uint8Array, keyId: string, data: Uint8Array, place: string): Buffer {
  const fileId = randomBytes(16);
  const parts: Buffer[] = [MAGIC, Buffer.from(keyId, "hex"), fileId];
  const count = Math.max(1, Math.ceil(data.length / CHUNK_BYTES));
  for (let i = 0; i < count; i++) {
    const chunk = data.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    parts.push(seal(key, chunk, chunkContext(fileId, i, i === count - 1, place)));
  }
  return Buffer.concat(parts);
}

function openChunks(key: Uint8Array, keyId: string, sealed: Buffer, place: string): Buffer {
  const headBytes = MAGIC.length + 8 + 16;
  if (sealed.length < headBytes || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw wrongKey(place, "it is not sealed, or by another version");
  }
  if (sealed.toString("hex", MAGIC.length, MAGIC.length + 8) !== keyId) {
    throw wrongKey(place, "it was sealed with another key");
  }
  const fileId = sealed.subarray(MAGIC.length + 8, headBytes);
  const step = CHUNK_BYTES + NONCE_BYTES + TAG_BYTES;
  const parts: Buffer[] = [];
  for (let at = headBytes, i = 0; at < sealed.length || i === 0; at += step, i++) {
    const isLast = at + step >= sealed.length;
    parts.push(open(key, sealed.subarray(at, at + step), chunkContext(fileId, i, isLast, place), place));
  }
  return Buffer.concat(parts);
}

function chunkContext(fileId: Uint8Array, index: number, isLast: boolean, place: string): Buffer {
  return Buffer.concat([fileId, Buffer.from(`${index}:${isLast ? "last" : "more"}:${place}`)]);
}

/**
 * A path that a shell passes for `<(command)`: a pipe, so that the key from a password manager is never in a
 * file.
 */
const PASSED = /^\/(?:dev|proc\/self)\/fd\/\d+$/;

async function readKey(path: string): Promise<Buffer> {
  try {
    return await (PASSED.test(path) ? readFile(path) : readNamed(path));
  } catch (cause) {
    throw badKey(`Could not read the key file ${path}: ${reason(cause)}`, undefined, cause);
  }
}

function parseKey(content: Buffer, from: string): Buffer {
  if (content.length === KEY_BYTES) return content;
  const text = content.toString("utf8").trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, "base64");
  // The content never appears in a message: it may be a key with a typing error.
  throw badKey(
    `Expected 32 bytes, raw, in hexadecimal or in base64, for ${from} but received something else`,
  );
}

function badKey(
  message: string,
  hint = "Make a key with `lookalike key new <file>`.",
  cause?: unknown,
): LookalikeError {
  return new LookalikeError("ERR_KEY_INVALID", message, { hint, cause });
}

function wrongKey(place: string, why: string, cause?: unknown): LookalikeError {
  return new LookalikeError("ERR_KEY_WRONG", `Could not open ${place}: ${why}`, {
    hint: "Pass the key that the file was written with, or restore the file from a backup.",
    cause,
  });
}
