import { findRule } from "../../trust/index.ts";
import type { Campaign, RetentionDays } from "../types.ts";

/** A class of personal data, what it is kept for, and how long. */
const CLASSES: readonly (readonly [key: keyof RetentionDays, what: string, from: string])[] = [
  [
    "decisions",
    "which offer and which model's photo you were shown, and why",
    "the end of the campaign's run",
  ],
  ["creatives", "finished pictures that no decision names any more", "when they were made"],
  ["consents", "your consent and its withdrawal", "when it ended"],
  ["releases", "photos of models and the measurements of their faces", "the end of the model's release"],
  ["audit", "a log of what was done, which knows you by a code only", "the entry"],
];

/**
 * Drafts a privacy notice from the campaign's settings, for the people whose photos are compared. A lawyer of the
 * controller must complete the parts in brackets.
 *
 * @returns Markdown
 *
 * @example
 * await writeFile("notice.md", privacyNotice(await loadCampaign("campaign.yaml")));
 */
export function privacyNotice({ name, brand, privacy, experiment }: Campaign): string {
  const rule = findRule(privacy.jurisdiction);
  return `# How we use your photo: ${name}

${brand.name} [legal name and address of the controller; contact of the data protection officer]

## What we do, if you agree

We compare the face on the photo that you gave us with photos of models who gave us permission, and show you our ad with
the model whose face is nearest to yours. To do so a computer measures your face (128 numbers; biometric data). The
measurement is made in memory, used for this one comparison and forgotten: it is not stored, not passed on, and not
used to identify you. We infer neither origin nor health nor any other trait from your face. Your own photo is never
shown.

Without your consent your photo stays closed, and you see the same ad with another picture. Nothing else depends on
it.${experiment.holdout > 0 ? ` ${percent(experiment.holdout)} of all customers, drawn by lot, are shown no ad, so that we can measure its effect.` : ""}${experiment.faces === null ? "" : " Of those for whom a resembling photo is found, a share drawn by lot sees another photo, so that we can measure whether resemblance matters."}

## Who is left out

People younger than ${privacy.minimumAge}${privacy.exclude === null ? "" : ", and the groups that our rules exclude"}.

## Legal ground

Your consent [${rule.source}]. You may withdraw it at any time, as easily as you gave it: [address]. From that moment
no comparison is made any more; what was done before stays lawful.

## How long we keep what

${retentionTable(privacy.retention)}

## Your rights

You may ask what we keep about you, have it corrected or erased, take it with you, object to advertising, and complain
to [supervisory authority]. Erasure removes your consents, decisions and the pictures made only for you; a code remains
by which we recognise that you must not be taken in again.

Version [notice version, as consents record it]
`;
}

/** How long each class of data is kept, as text for the records of processing. */
export function retentionPolicy({ name, privacy }: Campaign): string {
  return `# Retention: ${name}

${retentionTable(privacy.retention)}

Measurements of customers' faces are kept for no time: they live in memory for one decision. \`lookalike purge\` removes
what is older than these times, and \`lookalike erase\` what a person asks for, at once. Both are noted in the audit log.
`;
}

function retentionTable(retention: RetentionDays): string {
  const rows = CLASSES.map(([key, what, from]) => {
    const days = retention[key];
    return `| ${key} | ${what} | ${days === null ? "until erased" : `${days} days from ${from}`} |`;
  });
  return ["| data | what it is | kept |", "| --- | --- | --- |", ...rows].join("\n");
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
