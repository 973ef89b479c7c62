import { expect, it } from "vitest";
import { checkEngine } from "../../src/campaign/doctor/install.ts";
import { FEATURE_COUNT } from "../../src/faces/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";

it.each([
  ["features-2+traits+look-0123", "with the second descriptor"],
  ["features-2+traits", "without the second descriptor"],
])("doctor says whether the second descriptor is used: %s", async (featuresId, detail) => {
  const engine = createFakeEngine({ features: () => new Float32Array(FEATURE_COUNT), featuresId });
  expect(await checkEngine(async () => engine)).toMatchObject({
    status: "ok",
    detail: expect.stringContaining(`; ${detail}`),
  });
});
