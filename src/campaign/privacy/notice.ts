import { findRule } from "../../trust/index.ts";
import { hasInfluencerArm } from "../matching/network-sources.ts";
import type { Campaign, RetentionDays } from "../types.ts";
import { type Speaker, speakerOf } from "./words/index.ts";

/** The settings that the notice depends on. */
export type NoticeFacts = Pick<Campaign, "name" | "brand" | "privacy" | "experiment" | "language">;

/** The classes of personal data. */
const CLASSES = ["decisions", "creatives", "consents", "releases", "audit"] as const;

/**
 * Drafts a privacy notice from the campaign's settings, for the people whose photos are compared, in the
 * campaign's language (en, de, es, fr, it or nl; English for others). A lawyer of the controller must
 * complete the parts in brackets.
 *
 * @returns Markdown
 *
 * @example
 * await writeFile("notice.md", privacyNotice(await loadCampaign("campaign.yaml")));
 */
export function privacyNotice({ name, brand, privacy, experiment, language }: NoticeFacts): string {
  const speaker = speakerOf(language);
  const { say, percent } = speaker;
  const measured = [
    say("notice_without"),
    ...(experiment.holdout > 0 ? [say("notice_holdout", { share: percent(experiment.holdout) })] : []),
    ...(experiment.faces === null ? [] : [say("notice_faces")]),
  ];
  const excluded = privacy.exclude === null ? "notice_minimum_age" : "notice_groups";
  const parts = [
    `# ${say("notice_title", { campaign: name })}`,
    say("notice_controller", { brand: brand.name }),
    `## ${say("notice_what")}`,
    say("notice_matching"),
    measured.join(" "),
    ...(hasInfluencerArm({ experiment }) ? [`## ${say("notice_network")}`, say("notice_network_text")] : []),
    `## ${say("notice_excluded")}`,
    say(excluded, { age: privacy.minimumAge }),
    `## ${say("notice_ground")}`,
    say("notice_consent", { source: findRule(privacy.jurisdiction).source }),
    `## ${say("notice_retention")}`,
    retentionTable(privacy.retention, speaker),
    `## ${say("notice_rights")}`,
    say("notice_rights_text"),
    say("notice_version"),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The retention period of each class of data, as text for the records of processing. */
export function retentionPolicy({ name, privacy }: Campaign): string {
  return `# Retention: ${name}

${retentionTable(privacy.retention, speakerOf("en"))}

Measurements of customers' faces are not kept: they live in memory for one decision. \`lookalike purge\` removes what is
older than these times, and \`lookalike erase\` removes a person's data at once. Both are recorded in the audit log.
`;
}

function retentionTable(retention: RetentionDays, { say }: Speaker): string {
  const rows = CLASSES.map((key) => {
    const days = retention[key];
    // Erasures do not shorten the log, which identifies people only by code.
    const unlimited = say(key === "audit" ? "table_permanently" : "table_until_erased");
    const kept = days === null ? unlimited : say("table_days", { days, start: say(`from_${key}`) });
    return `| ${key} | ${say(`class_${key}`)} | ${kept} |`;
  });
  return [say("table_head"), "| --- | --- | --- |", ...rows].join("\n");
}
