import { type Column, categoryColumn, numberColumn } from "../../core/index.ts";
import {
  type Decision,
  hasRecords,
  openRecords,
  type RunManifest,
  readDecisions,
  readManifest,
  runFiles,
} from "../../handover/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import type { Vault } from "../../trust/index.ts";
import type { ExperimentDesign } from "../design.ts";

/** Customers as assigned: table `units`, one row each. */
export interface Units {
  /** The common design of all runs; shares are the means of the runs'. */
  readonly design: ExperimentDesign;
  /** The design of each run. */
  readonly designs: readonly ExperimentDesign[];
  /**
   * Shares differed between runs or customers: customers are then weighted by the inverse of their arm's
   * probability.
   */
  readonly hasMovedShares: boolean;
  readonly campaign: string;
  readonly currency: string;
  /** Decisions read. */
  readonly decisions: number;
  /** Customers of several runs, counted once, with their first decision. */
  readonly repeated: number;
  /** Of these, customers whose arm differs between runs. */
  readonly inTwoArms: number;
  /** Decisions without an assignment: of runs of earlier versions, or of campaigns without an experiment. */
  readonly unassigned: number;
}

/** Columns of `units` with the probability of a customer's arm, by layer. */
export const PROPENSITY = {
  face: "face_propensity",
  holdout: "hold_propensity",
  offer: "explore_propensity",
  copy: "copy_propensity",
  template: "template_propensity",
} as const;

const BATCH = 50_000;

/**
 * Reads the decisions of one experiment's runs, which may have used different shares. The caller, which reads
 * all manifests, rejects runs of another experiment.
 *
 * @param runs output folders, in the order in which their customers entered
 * @throws ERR_RUN_UNREADABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export async function loadUnits(
  database: Database,
  runs: readonly string[],
  vault: Vault | null,
): Promise<Units> {
  const manifests = await Promise.all(runs.map(readManifest));
  await database.run(
    `CREATE TABLE decided (id VARCHAR, run DOUBLE, entered DOUBLE, holdout VARCHAR, can_hold DOUBLE, explore VARCHAR,
     would VARCHAR, uplift DOUBLE, face VARCHAR, can_face DOUBLE, distance DOUBLE, resemblance DOUBLE, shown VARCHAR,
     offer_propensity DOUBLE, face_propensity DOUBLE, explorable DOUBLE, hold_propensity DOUBLE,
     explore_propensity DOUBLE, copy VARCHAR, copy_propensity DOUBLE, template VARCHAR, template_propensity DOUBLE)`,
  );
  let decisions = 0;
  let unassigned = 0;
  for (const [run, out] of runs.entries()) {
    const entered = Date.parse(manifests[run]?.at ?? "") / 1000;
    let batch: Entered[] = [];
    const flush = async () => {
      if (batch.length === 0) return;
      await database.insert("batch", tableOf(batch, run));
      await database.run("INSERT INTO decided SELECT * FROM batch");
      batch = [];
    };
    const add = async (decision: Decision, at: number) => {
      decisions++;
      if (decision.assignment === undefined) unassigned++;
      if (batch.push({ decision, entered: at }) === BATCH) await flush();
    };
    for await (const decision of readDecisions(runFiles(out).decisions, vault)) await add(decision, entered);
    await addServed(out, vault, add);
    await flush();
  }
  await database.run("DROP TABLE IF EXISTS batch");
  const [repeats = {}] = await database.all(
    `SELECT count(*) AS repeated, count_if(arms > 1) AS split FROM (
       SELECT id, count(DISTINCT concat_ws('/', holdout, coalesce(face, ''), coalesce(copy, ''), coalesce(template, ''))) AS arms FROM decided GROUP BY id HAVING count(*) > 1)`,
  );
  await database.run(
    `CREATE TABLE units AS SELECT row_number() OVER () AS unit, * FROM (
       SELECT * FROM decided QUALIFY row_number() OVER (PARTITION BY id ORDER BY run, entered) = 1)`,
  );
  await database.run("DROP TABLE decided");
  const [first] = manifests;
  const designs = manifests.map(designOf);
  return {
    design: commonDesign(designs),
    designs,
    hasMovedShares:
      designs.some(isPersonal) || new Set(designs.map((design) => JSON.stringify(sharesOf(design)))).size > 1,
    campaign: first?.campaign ?? "",
    currency: first?.currency ?? "",
    decisions,
    repeated: Number(repeats.repeated ?? 0),
    inTwoArms: Number(repeats.split ?? 0),
    unassigned,
  };
}

interface Entered {
  readonly decision: Decision;
  /** Seconds since 1970. */
  readonly entered: number;
}

/** Adds customers for whom `lookalike serve` decided after the run, from that time on. */
async function addServed(
  out: string,
  vault: Vault | null,
  add: (decision: Decision, at: number) => Promise<void>,
): Promise<void> {
  if (!hasRecords(out)) return;
  const records = openRecords(out, { vault });
  try {
    for (const { decision, at } of records.allServed()) await add(decision, at.getTime() / 1000);
  } finally {
    records.close();
  }
}

function tableOf(batch: readonly Entered[], run: number) {
  const text = (of: (decision: Decision) => string | null | undefined) =>
    categoryColumn(batch.map(({ decision }) => of(decision) ?? null));
  const number = (of: (decision: Decision) => number | null | undefined) =>
    numberColumn(batch.map(({ decision }) => of(decision) ?? null));
  const columns = new Map<string, Column>([
    ["id", text(({ customer_id }) => customer_id)],
    ["run", number(() => run)],
    ["entered", numberColumn(batch.map(({ entered }) => entered))],
    ["holdout", text(({ assignment }) => assignment?.holdout.arm)],
    ["can_hold", number(({ assignment }) => Number(assignment?.holdout.eligible === true))],
    ["explore", text(({ assignment }) => (assignment?.offer?.eligible ? assignment.offer.arm : null))],
    ["would", text(({ assignment }) => assignment?.would_be.offer)],
    ["uplift", number(({ assignment }) => assignment?.would_be.uplift)],
    ["face", text(({ assignment }) => assignment?.face?.arm)],
    ["can_face", number(({ assignment }) => Number(assignment?.face?.eligible === true))],
    ["distance", number(({ assignment }) => assignment?.would_be.distance)],
    ["resemblance", number(({ assignment }) => assignment?.would_be.resemblance)],
    ["shown", text(({ offer }) => offer.id)],
    ["offer_propensity", number(({ assignment }) => assignment?.offer?.offer_propensity)],
    ["face_propensity", number(({ assignment }) => assignment?.face?.propensity)],
    ["explorable", number(({ assignment }) => assignment?.would_be.explorable ?? 0)],
    ["hold_propensity", number(({ assignment }) => assignment?.holdout.propensity)],
    ["explore_propensity", number(({ assignment }) => assignment?.offer?.propensity)],
    ["copy", text(({ assignment }) => assignment?.copy?.arm)],
    ["copy_propensity", number(({ assignment }) => assignment?.copy?.propensity)],
    ["template", text(({ assignment }) => assignment?.template?.arm)],
    ["template_propensity", number(({ assignment }) => assignment?.template?.propensity)],
  ]);
  return { rows: batch.length, columns };
}

function designOf(manifest: RunManifest | undefined): ExperimentDesign {
  const design = manifest?.experiment;
  if (design === undefined) throw new RangeError("a run without an experiment");
  return { ...design, end: design.end === null ? null : new Date(design.end) };
}

/** Whether the shares depended on the customers' columns. */
export function isPersonal({ personal }: ExperimentDesign): boolean {
  return personal != null && personal.length > 0;
}

/** The parts of a design that may differ between runs of one experiment. */
function sharesOf({ holdout, explore, faces, copy, template }: ExperimentDesign) {
  const of = (arms: readonly { readonly share: number }[] | null | undefined) =>
    arms?.map(({ share }) => share) ?? null;
  return { holdout, explore, faces: of(faces), copy: of(copy), template: of(template) };
}

/** Runs of one experiment have the same arms; the caller has checked this. */
function commonDesign(designs: readonly ExperimentDesign[]): ExperimentDesign {
  const [first] = designs;
  if (first === undefined) throw new RangeError("no run");
  const mean = (of: (design: ExperimentDesign) => number) =>
    designs.reduce((sum, design) => sum + of(design), 0) / designs.length;
  const common = <Arm extends { readonly share: number }>(
    of: (design: ExperimentDesign) => readonly Arm[] | null | undefined,
  ) => of(first)?.map((arm, i) => ({ ...arm, share: mean((design) => of(design)?.[i]?.share ?? 0) })) ?? null;
  return {
    ...first,
    holdout: mean(({ holdout }) => holdout),
    explore: mean(({ explore }) => explore),
    faces: common(({ faces }) => faces),
    copy: common(({ copy }) => copy),
    template: common(({ template }) => template),
  };
}
