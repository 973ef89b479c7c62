import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createFaceEngine } from "lookalike-ads";
import { detectionRate, measureRanks, measureVerification, type SeenPhotos } from "./faces/accuracy.ts";
import { runPeer, type Seen } from "./faces/child.ts";
import { lfw, lfwPerson, londonPerson, londonPhotos } from "./faces/data.ts";
import { compareBits } from "./faces/eight-bit.ts";
import { measureLimits, measurePeak } from "./faces/flops.ts";
import { measureMemory } from "./faces/memory.ts";
import { drawPeopleFree, measureFalsePositives, type Picture } from "./faces/people-free.ts";
import { measureStartUp } from "./faces/startup.ts";
import { measureThroughput } from "./faces/throughput.ts";

/**
 * The face stage against face-api on TensorFlow.js WASM, both measured in this run. Accuracy and speed need the
 * London and LFW photos in ../shared/data, and say so where they are absent.
 *
 *     npm run bench:faces -- [--only speed,accuracy,startup,memory,limits,people-free] [--full] [--people 12]
 *       [--photos 10000] [--rounds 3]
 *
 * `--people` is the number of people of London who are timed, two photos each, and `--rounds` how often: the defaults take about
 * three minutes on two free cores, all 102 people a quarter of an hour. `--photos` is the number of photos that are indexed while
 * memory is watched, and `--full` shows the peer all LFW photos (it takes a quarter of an hour) and not only those of folds 1
 * and 2. Progress is reported on stderr.
 */
const SECTIONS = ["speed", "accuracy", "startup", "memory", "limits", "people-free"] as const;
const { values } = parseArgs({
  options: {
    only: { type: "string", default: SECTIONS.join(",") },
    full: { type: "boolean", default: false },
    photos: { type: "string", default: "10000" },
    people: { type: "string", default: "12" },
    rounds: { type: "string", default: "3" },
  },
});
const wanted = new Set(values.only.split(","));
const cores = availableParallelism();
const london = londonPhotos();
const wild = lfw();
if (!london) console.log("The London photos are absent: no speed, no London rank 1.");
if (!wild) console.log("The LFW photos are absent: no LFW accuracy, no memory, no backgrounds.");

if (wanted.has("speed") && london) await compareSpeed(firstPeople(london, Number(values.people)));
if (wanted.has("accuracy") && wild) await compareAccuracy(wild);
if (wanted.has("startup")) show("First face of a new process", await measureStartUp());
if (wanted.has("memory") && wild) {
  show(`Memory while indexing, --jobs ${cores}`, [
    await measureMemory(wild.photos, Number(values.photos), cores),
  ]);
}
if (wanted.has("limits")) await showLimits();
if (wanted.has("people-free")) await showFalsePositives();

async function compareSpeed(photos: readonly string[]): Promise<void> {
  const { rows, peer } = await measureThroughput(photos, cores, {
    rounds: Number(values.rounds),
    onProgress: (line) => console.error(line),
  });
  show(`Indexing ${photos.length} London photos of 900 px`, rows);
  const ours = await describe(photos);
  show(`London, smiling to neutral, ${photos.length / 2} people`, [
    { what: "lookalike", found: detectionRate(photos, ours), ...measureRanks(photos, ours, londonPerson) },
    {
      what: "face-api",
      found: detectionRate(photos, peer.seen),
      ...measureRanks(photos, peer.seen, londonPerson),
    },
  ]);
}

async function compareAccuracy({ photos, pairs }: NonNullable<ReturnType<typeof lfw>>): Promise<void> {
  const some = pairs.filter(({ fold }) => fold === "1" || fold === "2");
  const theirPairs = values.full ? pairs : some;
  const theirPhotos = values.full ? photos : [...new Set(some.flatMap(({ a, b }) => [a, b]))].toSorted();
  const ours = await describe(photos);
  const { seen: theirs } = await runPeer(theirPhotos, { processes: cores });
  show("LFW verification, undetected = wrong", [
    { what: "lookalike, folds 1 to 5", ...measureVerification(pairs, ours) },
    ...(values.full ? [] : [{ what: "lookalike, folds 1 and 2", ...measureVerification(some, ours) }]),
    {
      what: `face-api, folds 1 ${values.full ? "to 5" : "and 2"}`,
      ...measureVerification(theirPairs, theirs),
    },
  ]);
  show("LFW rank 1, undetected = missed", [
    {
      what: "lookalike, all people",
      found: detectionRate(photos, ours),
      ...measureRanks(photos, ours, lfwPerson),
    },
    ...(values.full
      ? []
      : [
          {
            what: "lookalike, people of folds 1 and 2",
            found: detectionRate(theirPhotos, ours),
            ...measureRanks(theirPhotos, ours, lfwPerson),
          },
        ]),
    {
      what: `face-api, ${values.full ? "all people" : "people of folds 1 and 2"}`,
      found: detectionRate(theirPhotos, theirs),
      ...measureRanks(theirPhotos, theirs, lfwPerson),
    },
  ]);
}

async function describe(photos: readonly string[]): Promise<SeenPhotos> {
  const engine = await createFaceEngine({ jobs: cores });
  const seen = new Map<string, Seen>();
  for await (const outcome of engine.describeAll(photos)) {
    if (outcome.status === "described") seen.set(outcome.photo, outcome);
  }
  await engine.close();
  return seen;
}

async function showLimits(): Promise<void> {
  const peaks = [];
  for (const threads of [1, cores])
    peaks.push({ threads, "GFLOP/s": (await measurePeak(threads)).toFixed(0) });
  show("Matrix products of 1024 x 1024, 32 bits: the processor's peak", peaks);
  const peak = Number(peaks[0]?.["GFLOP/s"]);
  for (const [what, photos] of [
    ["London", london],
    ["LFW", wild?.photos],
  ] as const) {
    if (!photos) continue;
    show(`Work on 100 ${what} photos, one thread`, await measureLimits(every(photos, 100), peak));
  }
  show("Convolutions in 32 and in 8 bits, one thread", await compareBits());
}

async function showFalsePositives(): Promise<void> {
  const pictures: Picture[] = [];
  for await (const picture of drawPeopleFree(wild ? every(wild.photos, 400) : [])) pictures.push(picture);
  const engine = await createFaceEngine({ jobs: cores });
  show("Pictures without people", await measureFalsePositives(pictures, engine));
  await engine.close();
}

function firstPeople(photos: readonly string[], count: number): string[] {
  const people = new Set([...new Set(photos.map(londonPerson))].slice(0, count));
  return photos.filter((photo) => people.has(londonPerson(photo)));
}

function every<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, i) => i % step === 0).slice(0, count);
}

function show(title: string, rows: readonly object[]): void {
  console.log(`\n${title}`);
  console.table(Object.fromEntries(rows.map((row, i) => [i + 1, row])));
}
