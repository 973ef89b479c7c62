import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  auditAnswer,
  canMount,
  clockSetBack,
  consentsAnswer,
  fullDisk,
  galleryAnswer,
  garbage,
  readOnly,
  truncations,
  twoAtOnce,
} from "../../scripts/chaos/adversity.ts";
import { type KillRound, killAtRandom } from "../../scripts/chaos/kill.ts";
import { buildScene, type Scene } from "../../scripts/chaos/scene.ts";

/** The short version of `scripts/chaos/main.ts`. */

let home: string;
let scene: Scene;
beforeAll(async () => {
  home = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "lookalike-chaos-"));
  scene = await buildScene(home);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("kill -9 at a random moment", () => {
  it.each(["index", "erase"] as const)(
    "of %s: the next run ends where an undisturbed one does",
    async (operation) => {
      const rounds: KillRound[] = [];
      for await (const round of killAtRandom(scene, operation, { seed: 4, rounds: [1] })) rounds.push(round);
      expect(rounds.map(({ problem }) => problem)).toEqual([null]);
    },
  );
});

describe("a file that was cut short or is something else", () => {
  it.each([
    ["gallery/gallery.db", galleryAnswer],
    ["gallery/faces.hnsw", galleryAnswer],
    ["privacy/consents.db", consentsAnswer],
    ["privacy/audit.db", auditAnswer],
  ] as const)("%s gives a coded error or the right answer", async (file, answer) => {
    const cut = await truncations(scene, { file, samples: 5, answer });
    expect([cut.wrong, cut.outcomes]).toEqual([0, expect.anything()]);
    const other = await garbage(scene, file, answer);
    expect([other.wrong, other.outcomes]).toEqual([0, expect.anything()]);
  });
});

describe("a clock that was set back", () => {
  it("opens no portrait before its consent, and leaves the log whole", async () => {
    expect(await clockSetBack(scene)).toMatchObject({ wrong: 0, outcomes: { right: 1 } });
  });
});

describe("two processes at once", () => {
  it("end as one: each does its part, or says that the other is at work", async () => {
    expect(await twoAtOnce(scene, "erase", 1)).toMatchObject({ wrong: 0, outcomes: { right: 1 } });
  });
});

describe.skipIf(!canMount)("a disk (needs the right to mount)", () => {
  it("that is full gives a coded error, and nothing is lost once there is room", async () => {
    const { wrong, outcomes } = await fullDisk(scene, "consent import", [20]);
    expect([wrong, outcomes]).toEqual([0, { "ERR_OUTPUT_UNWRITABLE, then right": 1 }]);
  });

  it("that may not be written to gives a coded error", async () => {
    expect(await readOnly(scene, "erase")).toMatchObject({
      wrong: 0,
      outcomes: { ERR_OUTPUT_UNWRITABLE: 1 },
    });
  });
});
