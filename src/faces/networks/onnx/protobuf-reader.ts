/** A field of a Protocol Buffers message: a number where it is a varint, otherwise its bytes. */
export interface ProtobufField {
  readonly field: number;
  readonly value: number | Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

/**
 * Reads the fields of one message in their order, without copying
 * (https://protobuf.dev/programming-guides/encoding). Nested messages are read by another call on their bytes.
 *
 * @throws RangeError the bytes end inside a field, or a field has a wire type that the format no longer uses
 */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  let offset = 0;

  function varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[offset++];
      if (byte === undefined) throw new RangeError(`the message ends inside the number at byte ${offset}`);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError(`the number before byte ${offset} has more than ten bytes`);
  }

  function bytes(length: number): Uint8Array {
    const end = offset + length;
    if (length < 0 || end > message.length)
      throw new RangeError(`the message ends inside byte ${offset}'s field`);
    const value = message.subarray(offset, end);
    offset = end;
    return value;
  }

  while (offset < message.length) {
    const key = varint();
    const field = key >>> 3;
    switch (key & 7) {
      case VARINT:
        yield { field, value: varint() };
        break;
      case DELIMITED:
        yield { field, value: bytes(varint()) };
        break;
      case FIXED_32:
        yield { field, value: bytes(4) };
        break;
      case FIXED_64:
        yield { field, value: bytes(8) };
        break;
      default:
        throw new RangeError(`field ${field} has the unknown wire type ${key & 7}`);
    }
  }
}

/** The nested messages (or strings) of one field. */
export function messagesOf(message: Uint8Array, field: number): readonly Uint8Array[] {
  return [...readFields(message)]
    .filter((entry) => entry.field === field)
    .map(({ value }) => value)
    .filter((value) => value instanceof Uint8Array);
}

/** The last value of a varint field, as the format demands; null where the message has none. */
export function integerOf(message: Uint8Array, field: number): number | null {
  let found: number | null = null;
  for (const entry of readFields(message)) {
    if (entry.field === field && typeof entry.value === "number") found = entry.value;
  }
  return found;
}
