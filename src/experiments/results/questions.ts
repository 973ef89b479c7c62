import type { Database } from "../../io/duckdb/index.ts";
import { CREATIVE_LAYERS, type CreativeLayer, type ExperimentDesign } from "../design.ts";
import { RESULT_METRICS, type ResultMetric } from "../outcomes/cells.ts";
import type { Question } from "./compare.ts";

/** Questions that are answered from the same cells. */
export interface QuestionSet {
  readonly id: "programme" | "faces" | "offers" | "choice" | "dose" | CreativeLayer;
  readonly layer: Question["layer"];
  readonly filter: string;
  readonly arm: string;
  readonly group: string;
  readonly questions: readonly Question[];
}

const DOSE_BANDS = 4;

/**
 * The questions that the design can answer, the main one first: the look-alike against a random face, then
 * against every other arm; the programme against the holdout; each offer against the holdout among those who
 * would have been shown it; the chosen against the drawn offer; the effect of the look-alike by its
 * resemblance; and texts and templates against the first of each.
 */
export async function questionsOf(
  database: Database,
  design: ExperimentDesign,
  hasValue: boolean,
): Promise<QuestionSet[]> {
  const metrics: readonly ResultMetric[] = hasValue ? RESULT_METRICS : ["converted"];
  const each: Each = (question, isPrimary) =>
    metrics.map((metric) => ({ ...question, metric, isPrimary: isPrimary && metric === design.metric }));
  return [
    ...(await aboutFaces(database, design, each)),
    ...(await aboutHoldout(database, design, each)),
    ...aboutChoice(design, each),
    ...aboutCreatives(design, each),
  ];
}

/** A question about each metric; of the main one at most one is primary. */
type Each = (question: Omit<Question, "metric" | "isPrimary">, isPrimary: boolean) => Question[];

async function aboutFaces(
  database: Database,
  { faces, metric }: ExperimentDesign,
  each: Each,
): Promise<QuestionSet[]> {
  const others = (faces ?? []).filter(({ arm, share }) => arm !== "lookalike" && share > 0);
  const rival = others.find(({ arm }) => arm === "random") ?? others[0];
  if (rival === undefined) return [];
  const base = { layer: "face", filter: "can_face = 1", arm: "face" } as const;
  const against = (arm: string) => ({
    id: `lookalike_${arm}`,
    layer: "face" as const,
    text: `The look-alike against ${FACE_WORDS[arm] ?? arm}`,
    control: arm,
    arm: "lookalike",
    group: null,
  });
  const ordered = [rival, ...others.filter((arm) => arm !== rival)];
  const questions = ordered.flatMap(({ arm }) => each(against(arm), arm === rival.arm));
  const all: QuestionSet = { ...base, id: "faces", group: "''", questions };
  const bands = await bandsOf(database);
  if (bands === null) return [all];
  const { measure, group, names } = bands;
  const main = against(rival.arm);
  const dose: QuestionSet = {
    ...base,
    id: "dose",
    filter: `can_face = 1 AND ${measure} IS NOT NULL`,
    group,
    questions: names.map((name, band) => ({
      ...main,
      id: `dose_${band + 1}`,
      text: `${main.text}, ${name}`,
      group: String(band),
      metric,
      isPrimary: false,
    })),
  };
  return [all, dose];
}

async function aboutHoldout(
  database: Database,
  { holdout, metric }: ExperimentDesign,
  each: Each,
): Promise<QuestionSet[]> {
  if (holdout === 0) return [];
  const base = { layer: "holdout", arm: "holdout" } as const;
  const against = { layer: "holdout" as const, control: "holdout", arm: "campaign" };
  const programme = { ...against, text: "The programme against showing nothing", group: null };
  const offers = await database.all(
    "SELECT would, count(*) AS n FROM results WHERE can_hold = 1 AND would <> 'none' GROUP BY 1 ORDER BY n DESC, would",
  );
  return [
    {
      ...base,
      id: "programme",
      filter: "can_hold = 1",
      group: "''",
      questions: each({ ...programme, id: "programme" }, true),
    },
    {
      ...base,
      id: "offers",
      // Drawn offers are left out: they belong to another layer.
      filter: "can_hold = 1 AND would <> 'none' AND coalesce(explore, '') <> 'explore'",
      group: "would",
      questions: offers.map(({ would }) => ({
        ...against,
        id: `offer_${String(would)}`,
        text: `The offer ${String(would)} against showing nothing, among those who would get it`,
        group: String(would),
        metric,
        isPrimary: false,
      })),
    },
  ];
}

function aboutChoice({ explore }: ExperimentDesign, each: Each): QuestionSet[] {
  if (explore === 0 || explore === 1) return [];
  const text = "The chosen offer against one drawn uniformly";
  const question = {
    id: "choice",
    layer: "offer" as const,
    text,
    control: "explore",
    arm: "best",
    group: null,
  };
  return [
    {
      id: "choice",
      layer: "offer",
      filter: "explore IS NOT NULL",
      arm: "explore",
      group: "''",
      questions: each(question, true),
    },
  ];
}

function aboutCreatives(design: ExperimentDesign, each: Each): QuestionSet[] {
  return CREATIVE_LAYERS.flatMap((layer) => {
    const [first, ...rest] = (design[layer] ?? []).filter(({ share }) => share > 0);
    if (first === undefined || rest.length === 0) return [];
    const control = first.arm;
    const questions = rest.flatMap(({ arm }, i) => {
      const text = `${CREATIVE_WORDS[layer]} ${arm} against ${control}`;
      return each({ id: `${layer}_${arm}`, layer, text, control, arm, group: null }, i === 0);
    });
    return [{ id: layer, layer, filter: `${layer} IS NOT NULL`, arm: layer, group: "''", questions }];
  });
}

const CREATIVE_WORDS = { copy: "The words", template: "The template" } as const;

const FACE_WORDS: Readonly<Record<string, string>> = {
  random: "a random face",
  same_gender: "a random face of the same apparent gender",
  band: "a face of the band",
  influencer: "the face nearest to that of a contact",
  default: "the default photo",
};

/** Quarters of the customers by resemblance, or by distance if resemblance was not measured. */
async function bandsOf(database: Database) {
  const [known = {}] = await database.all(
    "SELECT count(resemblance) AS resemblance, count(distance) AS distance FROM results WHERE can_face = 1",
  );
  const measure = Number(known.resemblance ?? 0) > 0 ? "resemblance" : "distance";
  if (Number(known[measure] ?? 0) === 0) return null;
  const shares = Array.from({ length: DOSE_BANDS - 1 }, (_, i) => (i + 1) / DOSE_BANDS);
  const [found = {}] = await database.all(
    `SELECT ${shares.map((share, i) => `quantile_cont(${measure}, ${share}) AS q${i}`).join(", ")}
     FROM results WHERE can_face = 1`,
  );
  const cuts = shares.map((_, i) => Number(found[`q${i}`]));
  if (cuts.some((cut, i) => !Number.isFinite(cut) || cut === cuts[i - 1])) return null;
  const group = `(${cuts.map((cut) => `(${measure} >= ${cut})::INTEGER`).join(" + ")})::VARCHAR`;
  const names = Array.from({ length: DOSE_BANDS }, (_, band) => {
    const [from, to] = [cuts[band - 1], cuts[band]];
    if (from === undefined) return `${measure} below ${to?.toFixed(2)}`;
    return to === undefined
      ? `${measure} from ${from.toFixed(2)}`
      : `${measure} ${from.toFixed(2)} to ${to.toFixed(2)}`;
  });
  return { measure, group, names };
}
