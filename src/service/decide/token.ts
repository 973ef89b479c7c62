import { createHmac } from "node:crypto";

const TOKEN_BYTES = 16;

/** Names a customer's decision without naming the customer. */
export type NameDecision = (customerId: string) => string;

/**
 * Opaque names: the first 128 bits of HMAC-SHA256 over campaign and customer, in base64url (22 characters). Mail tools
 * log URLs, so a name reveals nothing without the secret. A customer always gets the same name.
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

/** Names of rows, and the rows of names; 24 bytes a row at least. */
export interface NameTable {
  /** Names the next row. */
  add(name: string): void;
  at(row: number): string;
  /** null: no row has this name. */
  find(name: string): number | null;
}

/** @param rows how many are expected */
export function createNameTable(rows: number): NameTable {
  let capacity = 16;
  while (capacity < 2 * rows) capacity *= 2;
  let slots = new Uint32Array(capacity);
  let names = Buffer.alloc((capacity / 2) * TOKEN_BYTES);
  let used = 0;
  const place = (row: number) => {
    let slot = names.readUInt32BE(row * TOKEN_BYTES) & (capacity - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (capacity - 1);
    slots[slot] = row + 1;
  };
  const grow = () => {
    capacity *= 2;
    slots = new Uint32Array(capacity);
    names = Buffer.concat([names], (capacity / 2) * TOKEN_BYTES);
    for (let row = 0; row < used; row++) place(row);
  };
  const isAt = (row: number, bytes: Buffer) =>
    names.compare(bytes, 0, TOKEN_BYTES, row * TOKEN_BYTES, (row + 1) * TOKEN_BYTES) === 0;
  return {
    add(name) {
      if (2 * (used + 1) > capacity) grow();
      names.write(name, used * TOKEN_BYTES, TOKEN_BYTES, "base64url");
      place(used++);
    },
    at: (row) => names.toString("base64url", row * TOKEN_BYTES, (row + 1) * TOKEN_BYTES),
    find(name) {
      const bytes = Buffer.from(name, "base64url");
      if (bytes.length !== TOKEN_BYTES) return null;
      for (let slot = bytes.readUInt32BE(0) & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
        const row = (slots[slot] ?? 0) - 1;
        if (row < 0) return null;
        if (isAt(row, bytes)) return row;
      }
    },
  };
}
