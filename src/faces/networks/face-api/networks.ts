import { join } from "node:path";
import { suppressOverlaps } from "../../pictures/geometry.ts";
import { allocateBatch, batchItem, type PixelBatch } from "../../pictures/pixels.ts";
import type { Detection, FaceNetworks } from "../../types.ts";
import { SUPPRESSION_IOU } from "../anchors.ts";
import { splitRows, toAgeGender, toPoints } from "../outputs.ts";
import { faceApiFolder } from "../weights.ts";
import { type FaceApi, loadBackend, type Tensor } from "./backend.ts";

/** face-api scales every picture to this size before detection. */
const SSD_SIZE = 512;

/**
 * The reference implementation: face-api's own forward passes on TensorFlow.js. One photo at a time, and it
 * blocks the thread that calls it.
 *
 * @throws ERR_DEPENDENCY_MISSING no TensorFlow.js is installed
 */
export async function createFaceApiNetworks(): Promise<FaceNetworks> {
  const { api, name } = await loadBackend();
  const folder = join(faceApiFolder(), "model");
  const ssd = new api.SsdMobilenetv1();
  const landmarks = new api.FaceLandmark68Net();
  const recognition = new api.FaceRecognitionNet();
  const ageGender = new api.AgeGenderNet();
  const expression = new api.FaceExpressionNet();
  const networks = [ssd, landmarks, recognition, ageGender, expression];
  await Promise.all(networks.map((network) => network.loadFromDisk(folder)));

  return {
    name,
    async detect(pictures, minScore) {
      const padded = padTo(pictures, SSD_SIZE);
      const { boxes, scores } = await withInput(api, padded, async (input) => ssd.forwardInput(input));
      const found: Detection[][] = [];
      for (let i = 0; i < padded.count; i++) {
        found.push(readDetections(await take(boxes[i]), await take(scores[i]), SSD_SIZE, minScore));
      }
      return found;
    },
    landmarks: (crops) =>
      withInput(api, crops, async (input) =>
        splitRows(await take(landmarks.forwardInput(input)), crops.count).map((row) =>
          toPoints(row, crops.size),
        ),
      ),
    embed: (chips) =>
      withInput(api, chips, async (input) =>
        splitRows(await take(recognition.forwardInput(input)), chips.count),
      ),
    ageGender: (crops) =>
      withInput(api, crops, async (input) => {
        const features = ageGender.faceFeatureExtractor.forwardInput(input);
        const pooled = api.tf.avgPool(features, [7, 7], [2, 2], "valid");
        const { age, gender } = ageGender.forwardInput(features);
        features.dispose();
        const outputs = { age: await take(age), gender: await take(gender), traits: await take(pooled) };
        return toAgeGender(outputs, crops.count);
      }),
    expressions: (crops) =>
      withInput(api, crops, async (input) =>
        splitRows(await take(expression.forwardInput(input)), crops.count),
      ),
    // The reference for resemblance is the package itself: test/faces/networks/look.test.ts.
    look: null,
    async close() {
      for (const network of networks) network.dispose(false);
    },
  };
}

/** Pads smaller pictures with black at the right and the bottom, so that face-api does not enlarge them. */
function padTo(batch: PixelBatch, size: number): PixelBatch {
  if (batch.size >= size) return batch;
  const padded = allocateBatch(batch.count, size);
  for (let i = 0; i < batch.count; i++) {
    const from = batchItem(batch, i).data;
    const to = batchItem(padded, i).data;
    for (let y = 0; y < batch.size; y++) {
      to.set(from.subarray(y * batch.size * 3, (y + 1) * batch.size * 3), y * size * 3);
    }
  }
  return padded;
}

async function withInput<T>(
  api: FaceApi,
  batch: PixelBatch,
  use: (input: unknown) => Promise<T>,
): Promise<T> {
  const { count, size } = batch;
  const tensors = Array.from({ length: count }, (_, i) =>
    api.tf.tensor3d(Int32Array.from(batchItem(batch, i).data), [size, size, 3], "int32"),
  );
  try {
    return await use(new api.NetInput(tensors, true));
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

async function take(tensor: Tensor | undefined): Promise<Float32Array> {
  if (!tensor) throw new Error("the network gave no output");
  const data = await tensor.data();
  tensor.dispose();
  return data;
}

/** face-api gives corners top, left, bottom, right as fractions of the picture. */
function readDetections(
  boxes: Float32Array,
  scores: Float32Array,
  size: number,
  minScore: number,
): Detection[] {
  const found: Detection[] = [];
  scores.forEach((score, i) => {
    if (score <= minScore) return;
    const [top = 0, left = 0, bottom = 0, right = 0] = boxes.subarray(i * 4, i * 4 + 4);
    const box = {
      x: left * size,
      y: top * size,
      width: (right - left) * size,
      height: (bottom - top) * size,
    };
    found.push({ score, box });
  });
  return suppressOverlaps(found, SUPPRESSION_IOU);
}
