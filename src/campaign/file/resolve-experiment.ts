import { DESIGN_DEFAULTS, type FaceArm, holdoutDesign, type NamedArm } from "../../experiments/index.ts";
import type { CampaignExperiment } from "../types.ts";
import type { CampaignFile } from "./schema.ts";

/** The experiment of a campaign file; without one, the holdout of its policy. */
export function resolveExperiment(
  { name: campaign, policy, experiment }: CampaignFile,
  absolute: (path: string) => string,
): CampaignExperiment {
  const { holdout: share, seed } = policy;
  if (experiment === undefined)
    return { ...holdoutDesign(campaign, { holdout: share, seed }), pre: null, learn: null, policy: null };
  const { name = campaign, salt = name, holdout = share, explore, metric, reading, end, pre } = experiment;
  return {
    name,
    salt,
    holdout,
    explore,
    faces: experiment.faces === undefined ? null : resolveFaces(experiment.faces),
    copy: namedArms(experiment.copy),
    template: namedArms(experiment.template),
    metric,
    windowDays: experiment.window_days ?? DESIGN_DEFAULTS.windowDays,
    end: end === undefined ? null : new Date(end),
    reading,
    worth: experiment.worth ?? DESIGN_DEFAULTS.worth,
    winsorise: experiment.winsorise ?? DESIGN_DEFAULTS.winsorise,
    learn: experiment.learn ?? null,
    policy: null,
    pre: pre === undefined ? null : { column: pre.column, path: pre.path ? absolute(pre.path) : null },
  };
}

function namedArms(shares: Readonly<Record<string, number>> | undefined): NamedArm[] | null {
  return shares === undefined ? null : Object.entries(shares).map(([arm, share]) => ({ arm, share }));
}

function resolveFaces({
  band,
  ...arms
}: NonNullable<NonNullable<CampaignFile["experiment"]>["faces"]>): FaceArm[] {
  const plain = Object.entries(arms).map(
    ([arm, share]) => ({ arm, share: share ?? 0, band: null }) as FaceArm,
  );
  return band === undefined
    ? plain
    : [...plain, { arm: "band", share: band.share, band: [band.distance[0], band.distance[1]] }];
}
