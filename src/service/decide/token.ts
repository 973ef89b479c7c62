import { createHmac } from "node:crypto";

const TOKEN_BYTES = 16;

/** Names a customer's decision without naming the customer. */
export type NameDecision = (customerId: string) => string;

/**
 * Opaque names: the first 128 bits of HMAC-SHA256 over campaign and customer, in base64url (22 characters). Mail tools
 * log URLs, so a name must reveal nothing without the secret, and must be the same each time it is made.
 *
 * @param secret 32 bytes of the access file
 */
export function createNames(secret: Uint8Array, campaign: string): NameDecision {
  return (customerId) =>
    createHmac("sha256", secret)
      .update(JSON.stringify(["decision", campaign, customerId]))
      .digest()
      .subarray(0, TOKEN_BYTES)
      .toString("base64url");
}

/** Finds rows by the names of their decisions; 12 bytes a slot, whatever the length of the ids. */
export interface NameTable {
  add(name: string, row: number): void;
  /** A row whose name may be this one: compare it. */
  candidates(name: string): Iterable<number>;
}

/** @param rows how many are expected */
export function createNameTable(rows: number): NameTable {
  let capacity = 16;
  while (capacity < 2 * rows) capacity *= 2;
  let slots = makeSlots(capacity);
  let used = 0;
  const add = (high: number, low: number, row: number) => {
    let at = low & (capacity - 1);
    while (slots.rows[at] !== 0) at = (at + 1) & (capacity - 1);
    slots.high[at] = high;
    slots.low[at] = low;
    slots.rows[at] = row + 1;
  };
  const grow = () => {
    const before = slots;
    capacity *= 2;
    slots = makeSlots(capacity);
    for (const [at, row] of before.rows.entries()) {
      if (row > 0) add(before.high[at] ?? 0, before.low[at] ?? 0, row - 1);
    }
  };
  return {
    add(name, row) {
      if (2 * ++used > capacity) grow();
      const { high, low } = halves(name);
      add(high, low, row);
    },
    *candidates(name) {
      const { high, low } = halves(name);
      for (let at = low & (capacity - 1); slots.rows[at] !== 0; at = (at + 1) & (capacity - 1)) {
        if (slots.high[at] === high && slots.low[at] === low) yield (slots.rows[at] ?? 0) - 1;
      }
    },
  };
}

function makeSlots(capacity: number) {
  return {
    high: new Uint32Array(capacity),
    low: new Uint32Array(capacity),
    rows: new Uint32Array(capacity),
  };
}

function halves(name: string): { readonly high: number; readonly low: number } {
  const bytes = Buffer.from(name, "base64url");
  return bytes.length < 8 ? { high: 0, low: 0 } : { high: bytes.readUInt32BE(0), low: bytes.readUInt32BE(4) };
}
