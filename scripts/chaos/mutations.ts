import type { Random } from "../../src/core/index.ts";

/** Ways in which the bytes of a file go wrong, by accident or on purpose. */
export type Mutation = (bytes: Buffer, random: Random) => Buffer;

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "bits flipped": (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 1 + random() * 20; i++) {
      const at = Math.floor(random() * copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return copy;
  },
  "header bytes changed": (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 4; i++)
      copy[Math.floor(random() * Math.min(64, copy.length))] = Math.floor(random() * 256);
    return copy;
  },
  "cut short": (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  "a hole inside": (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + Math.floor(random() * 200))]);
  },
  "noise inside": (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    const noise = Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256)));
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  "tail repeated": (bytes) => Buffer.concat([bytes, bytes.subarray(Math.floor(bytes.length / 2))]),
};
