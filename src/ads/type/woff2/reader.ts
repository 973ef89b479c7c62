/** Reads numbers off a stream of bytes, from front to back, in WOFF 2.0's variable lengths too (sections 4.1 and 5.1). */
export interface Reader {
  uint8(): number;
  uint16(): number;
  int16(): number;
  uint32(): number;
  bytes(length: number): Uint8Array;
  /** UIntBase128: seven bits a byte, the highest bit says that more follow. */
  base128(): number;
  /** 255UInt16: small numbers in one byte. */
  short255(): number;
}

/** @throws RangeError (each method) the stream has ended */
export function createReader(data: Uint8Array): Reader {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const take = (length: number) => {
    const start = at;
    at += length;
    if (at > data.byteLength) throw new RangeError("a stream that ends too early");
    return start;
  };
  const reader: Reader = {
    uint8: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2)),
    int16: () => view.getInt16(take(2)),
    uint32: () => view.getUint32(take(4)),
    bytes: (length) => {
      const start = take(length);
      return data.subarray(start, start + length);
    },
    base128: () => {
      let value = 0;
      for (let i = 0; i < 5; i++) {
        const byte = reader.uint8();
        value = value * 128 + (byte & 127);
        if (byte < 128) return value;
      }
      throw new RangeError("a number of more than five bytes");
    },
    short255: () => {
      const code = reader.uint8();
      if (code === 253) return reader.uint16();
      if (code === 254) return 506 + reader.uint8();
      return code === 255 ? 253 + reader.uint8() : code;
    },
  };
  return reader;
}
