import { describe, expect, it } from "vitest";
import { describeModel } from "../../../src/faces/networks/onnx/describe.ts";
import { GraphBuilder } from "../../../src/faces/networks/onnx/graph.ts";
import { integerOf, messagesOf, readFields } from "../../../src/faces/networks/onnx/protobuf-reader.ts";

function model(): Uint8Array {
  const graph = new GraphBuilder("tiny");
  const pixels = graph.input("pixels", "uint8", [4, 4, 3], ["size", "size", 3]);
  const numbers = graph.node("Cast", [pixels], [4, 4, 3], { to: 1 });
  const mean = graph.constant(Float32Array.of(1, 2, 3), [3]);
  graph.output(graph.node("Sub", [numbers, mean], [4, 4, 3]), "centred");
  return graph.build();
}

describe("what an ONNX file declares", () => {
  it("is read with names, types and sizes; a size that varies is null", () => {
    expect(describeModel(model())).toEqual({
      inputs: [{ name: "pixels", type: "uint8", shape: [null, null, null, 3] }],
      outputs: [{ name: "centred", type: "float32", shape: [null, 4, 4, 3] }],
    });
  });

  it("is refused when the file is cut off inside the graph", () => {
    const bytes = model();
    const outcomes = Array.from({ length: bytes.length }, (_, length) => {
      try {
        return describeModel(bytes.subarray(0, length)).inputs.length;
      } catch (error) {
        return error instanceof RangeError ? "refused" : error;
      }
    });
    // 1: the graph is whole and only what follows it is missing.
    expect(new Set(outcomes)).toEqual(new Set([0, 1, "refused"]));
  });
});

describe("Protocol Buffers", () => {
  // The examples of https://protobuf.dev/programming-guides/encoding.
  it("are read as the format's documentation prints them", () => {
    expect([...readFields(Uint8Array.of(0x08, 0x96, 0x01))]).toEqual([{ field: 1, value: 150 }]);
    const testing = Uint8Array.of(0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67);
    expect(messagesOf(testing, 2).map((bytes) => new TextDecoder().decode(bytes))).toEqual(["testing"]);
    const minusTwo = Uint8Array.of(0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    expect(integerOf(minusTwo, 1)).toBe(-2);
  });

  it.each([
    ["a number without an end", [0x08, 0x96]],
    ["a number of eleven bytes", [0x08, ...Array<number>(11).fill(0x80)]],
    ["a field that is longer than the message", [0x12, 0x07, 0x74]],
    ["a group, which nobody writes any more", [0x0b]],
  ])("are refused with %s", (_, bytes) => {
    expect(() => [...readFields(Uint8Array.from(bytes))]).toThrow(RangeError);
  });
});
