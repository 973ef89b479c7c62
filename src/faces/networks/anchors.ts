import { suppressOverlaps } from "../pictures/geometry.ts";
import type { Box, Detection } from "../types.ts";

/**
 * The SSD detector's anchors (Liu et al. 2016, section 2.2) and the decoding of its outputs. Anchor sizes are
 * fixed in px, as trained on 512-px pictures, so that one network serves any input size.
 */

const TRAINED_SIZE = 512;
/** Side of the anchors per level as a share of 512 px: linear from 0.2 to 0.95, then 1. */
const SCALES = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1];
const STRIDES = [16, 32, 64, 128, 256, 512];
/** A box with a higher intersection over union with a better one is dropped. */
export const SUPPRESSION_IOU = 0.5;

/** Centre x, centre y, width, height per anchor, in px of the network's input. */
export function ssdAnchors(size: number): Float32Array {
  const anchors: number[] = [];
  STRIDES.forEach((stride, level) => {
    const cells = Math.ceil(size / stride);
    // The cells of a level cover the picture it was trained on; the last ones extend past a smaller input.
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        for (const [scale, aspect] of anchorShapes(level)) {
          const root = Math.sqrt(aspect);
          const side = scale * TRAINED_SIZE;
          anchors.push((column + 0.5) * stride, (row + 0.5) * stride, side * root, side / root);
        }
      }
    }
  });
  return Float32Array.from(anchors);
}

function anchorShapes(level: number): [scale: number, aspect: number][] {
  const scale = SCALES[level] ?? 1;
  if (level === 0)
    return [
      [0.1, 1],
      [scale, 2],
      [scale, 0.5],
    ];
  const between = Math.sqrt(scale * (SCALES[level + 1] ?? 1));
  return [
    [scale, 1],
    [between, 1],
    [scale, 2],
    [scale, 0.5],
    [scale, 3],
    [scale, 1 / 3],
  ];
}

/**
 * Boxes of one picture from the network's raw outputs, overlaps suppressed, best first.
 *
 * @param encodings 4 numbers per anchor: dy, dx (x 10, in anchor sizes), dh, dw (logarithms x 5)
 * @param logits one number per anchor; its sigmoid is the score
 * @returns boxes in px of the network's input
 */
export function decodeDetections(
  encodings: Float32Array,
  logits: Float32Array,
  anchors: Float32Array,
  minScore: number,
): Detection[] {
  const minLogit = Math.log(minScore / (1 - minScore));
  const candidates: Detection[] = [];
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] ?? 0;
    if (logit > minLogit)
      candidates.push({ score: 1 / (1 + Math.exp(-logit)), box: decodeBox(encodings, anchors, i * 4) });
  }
  return suppressOverlaps(candidates, SUPPRESSION_IOU);
}

function decodeBox(encodings: Float32Array, anchors: Float32Array, at: number): Box {
  const [dy = 0, dx = 0, dh = 0, dw = 0] = encodings.subarray(at, at + 4);
  const [centreX = 0, centreY = 0, anchorWidth = 0, anchorHeight = 0] = anchors.subarray(at, at + 4);
  const width = Math.exp(dw / 5) * anchorWidth;
  const height = Math.exp(dh / 5) * anchorHeight;
  const x = (dx / 10) * anchorWidth + centreX - width / 2;
  const y = (dy / 10) * anchorHeight + centreY - height / 2;
  return { x, y, width, height };
}
