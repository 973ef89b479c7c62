import type { InputTensor } from "../networks/onnx/runtime.ts";
import type { PixelBatch } from "../pictures/pixels.ts";
import type { EmbedderSettings } from "./types.ts";

export interface TensorPart {
  /** Index of the first chip, and the number of chips. */
  readonly from: number;
  readonly count: number;
  readonly settings: EmbedderSettings;
  /** The network takes 8-bit values instead of 32-bit floats. */
  readonly bytes: boolean;
}

/** Chips as the network's input: `(value - mean) * scale`, in its order of colours and dimensions. */
export function toTensor({ size, data }: PixelBatch, part: TensorPart): InputTensor {
  const { from, count, settings, bytes } = part;
  const { layout, colorOrder, mean, scale } = settings;
  const area = size * size;
  const values = bytes ? new Uint8Array(count * area * 3) : new Float32Array(count * area * 3);
  for (let chip = 0; chip < count; chip++) {
    const source = (from + chip) * area * 3;
    const target = chip * area * 3;
    for (let channel = 0; channel < 3; channel++) {
      const color = colorOrder === "RGB" ? channel : 2 - channel;
      const [shift = 0, factor = 1] = [mean[channel], scale[channel]];
      const [start, step] = layout === "NCHW" ? [target + channel * area, 1] : [target + channel, 3];
      for (let pixel = 0; pixel < area; pixel++) {
        values[start + pixel * step] = ((data[source + pixel * 3 + color] as number) - shift) * factor;
      }
    }
  }
  return { values, shape: layout === "NCHW" ? [count, 3, size, size] : [count, size, size, 3] };
}
