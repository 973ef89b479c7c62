import type { PixelBatch } from "../../pictures/pixels.ts";
import type { FaceNetworks } from "../../types.ts";
import { decodeDetections, ssdAnchors } from "../anchors.ts";
import { readHumanWeights } from "../human.ts";
import { joinOutputs, type Outputs, splitRows, toAgeGender, toPoints } from "../outputs.ts";
import { type NetworkName, readWeights, type Weights } from "../weights.ts";
import { buildAgeGender } from "./age-gender.ts";
import { buildExpression, buildLandmarks } from "./landmarks.ts";
import { buildLook } from "./look.ts";
import { buildRecognition } from "./recognition.ts";
import { type OnnxSession, openSession, RUNTIME } from "./runtime.ts";
import { buildSsd } from "./ssd.ts";

export interface OnnxOptions {
  /** Threads inside one operator. */
  readonly threads: number;
  /** Whether to run the second descriptor, which needs `@vladmandic/human`. Default false. */
  readonly look?: boolean | undefined;
}

/** Pictures in one run of a network. The faces of a crowd, all at once, need gigabytes and take three times as long. */
const AT_ONCE = 16;

/** face-api's networks on ONNX Runtime; each is compiled at its first use. */
export function createOnnxNetworks(options: OnnxOptions): FaceNetworks {
  const sessions = new Map<NetworkName | "faceres", Promise<OnnxSession>>();
  const anchors = new Map<number, Float32Array>();

  function session(
    name: NetworkName | "faceres",
    build: (weights: Weights) => Uint8Array,
  ): Promise<OnnxSession> {
    let opened = sessions.get(name);
    if (!opened) {
      const weights = name === "faceres" ? readHumanWeights(name) : readWeights(name);
      opened = weights.then((read) => openSession(build(read), options.threads));
      sessions.set(name, opened);
    }
    return opened;
  }

  async function run(opened: Promise<OnnxSession>, { count, size, data }: PixelBatch) {
    const network = await opened;
    const bytes = size * size * 3;
    const parts: Outputs[] = [];
    for (let start = 0; start < count; start += AT_ONCE) {
      const end = Math.min(count, start + AT_ONCE);
      parts.push(await network.run(data.subarray(start * bytes, end * bytes), [end - start, size, size, 3]));
    }
    return joinOutputs(parts);
  }

  return {
    name: `face-api networks on ${RUNTIME}`,
    async detect(pictures, minScore) {
      const { count, size } = pictures;
      const { encodings, logits } = await run(
        session("ssd_mobilenetv1", (weights) => buildSsd(weights)),
        pictures,
      );
      if (!encodings || !logits) throw new Error("the detector gave no output");
      const table = anchors.get(size) ?? ssdAnchors(size);
      anchors.set(size, table);
      const perPicture = logits.length / count;
      return Array.from({ length: count }, (_, i) =>
        decodeDetections(
          encodings.subarray(i * perPicture * 4, (i + 1) * perPicture * 4),
          logits.subarray(i * perPicture, (i + 1) * perPicture),
          table,
          minScore,
        ),
      );
    },
    async landmarks(crops) {
      const { points } = await run(session("face_landmark_68", buildLandmarks), crops);
      return splitRows(points, crops.count).map((row) => toPoints(row, crops.size));
    },
    async embed(chips) {
      const { descriptor } = await run(session("face_recognition", buildRecognition), chips);
      return splitRows(descriptor, chips.count);
    },
    async ageGender(crops) {
      const { age, gender, traits } = await run(session("age_gender", buildAgeGender), crops);
      return toAgeGender({ age, gender, traits }, crops.count);
    },
    async expressions(crops) {
      const expression = session("face_expression", buildExpression);
      const { probabilities } = await run(expression, crops);
      return splitRows(probabilities, crops.count);
    },
    look: options.look
      ? async (crops) => splitRows((await run(session("faceres", buildLook), crops)).look, crops.count)
      : null,
    async close() {
      const opened = [...sessions.values()];
      sessions.clear();
      await Promise.all(opened.map(async (each) => (await each).close()));
    },
  };
}
