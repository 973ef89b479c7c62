import { dirname } from "node:path";
import { pathFrom } from "./find-photos.ts";
import type { DraftOffer, DraftParts, DraftTable } from "./types.ts";

/** The text of a campaign file: detected values as values, all other keys as comments. */
export function campaignText(parts: DraftParts): string {
  return [head(parts), brand(parts), inputs(parts), offers(parts), LOOK(parts), RULES(parts)].join("\n");
}

/** YAML of a text: without quotes if possible, else in double quotes as in JSON. */
function scalar(text: string): string {
  const isBare =
    /^[\p{L}][\p{L}\p{N} _./-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isBare && text.trim() === text ? text : JSON.stringify(text);
}

function head({ answers }: DraftParts): string {
  const { name = "New campaign", currency = "EUR" } = answers;
  return `# Drafted by \`lookalike init\`. docs/campaign.md describes every key; TODO marks what you must fill in.
# Next: index, check, train, generate, review.
name: ${scalar(name)}
currency: ${scalar(currency)}   # of margins and costs
# language: en     # breaks long words by its rules
`;
}

function brand({ answers }: DraftParts): string {
  const todo = answers.brand === undefined ? "   # TODO" : "";
  return `brand:
  name: ${scalar(answers.brand ?? "Your brand")}${todo}
  # logo: brand/logo.svg
  colors: { primary: "#1f4fd8", ink: "#11151c", paper: "#ffffff" }
`;
}

function inputs({ answers, customers, photos, calls, usage, experiment }: DraftParts): string {
  const from = (path: string) => scalar(pathFrom(dirname(answers.path), path));
  const { mapping, others, otherConsents } = customers;
  const role = (name: keyof typeof mapping, missing: string) => {
    const column = mapping[name];
    return column === undefined ? `      # ${name}:   # ${missing}` : `      ${name}: ${scalar(column)}`;
  };
  const noConsent =
    otherConsents.length === 0
      ? "no such column found: when the customer agreed to face matching"
      : `not ${otherConsents.join(", ").replace(/\s+/g, " ")} unless it covers face matching: when the customer agreed`;
  const lines = [
    "inputs:",
    "  customers:",
    `    path: ${from(answers.customers)}`,
    "    columns:",
    role("customer_id", "the customer's id"),
    role("photo", "no column with image paths found: the customer's portrait, relative to the file"),
    role("consent_biometric", noConsent),
    role("consent_expires", "when the consent ends"),
    ...features(others),
    ...(calls === null
      ? ["  # calls: { path: calls.csv }   # a call log contains handsets"]
      : table("calls", calls, from)),
    ...(usage === null ? [] : table("usage", usage, from)),
    ...(experiment === null
      ? ["  # experiment: { path: experiment.csv }   # a past campaign that assigned offers at random"]
      : [...table("experiment", experiment, from), ...control(experiment.control)]),
    photos.folder === null
      ? "  # inventory: [photos]   # TODO: no photos were found"
      : `  inventory: [${from(photos.folder)}]   # ${photos.count} photos; releases and tags: photos.csv beside them`,
  ];
  return `${lines.join("\n")}\n`;
}

function control(name: string | null): string[] {
  if (name === null) return ["    # control: none   # TODO: the arm that was shown nothing"];
  return name === "none" ? [] : [`    control: ${scalar(name)}`];
}

/** Splits names over several comment lines. */
function features(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const lines = ["    # Features, for `eligible`, {placeholders} and the model:"];
  let line = "    #  ";
  for (const [i, name] of names.entries()) {
    const word = ` ${name.replace(/\s+/g, " ")}${i < names.length - 1 ? "," : ""}`;
    if (line.length + word.length > 110) {
      lines.push(line);
      line = "    #  ";
    }
    line += word;
  }
  return [...lines, line];
}

function table(name: string, { path, columns }: DraftTable, from: (path: string) => string): string[] {
  const renamed = Object.entries(columns).filter(([role, column]) => role !== column);
  const lines = [`  ${name}:`, `    path: ${from(path)}`];
  if (renamed.length === 0) return lines;
  return [...lines, "    columns:", ...renamed.map(([role, column]) => `      ${role}: ${scalar(column)}`)];
}

function offers(parts: DraftParts): string {
  return `offers:\n${parts.offers.map((offer) => offerText(offer, parts)).join("")}`;
}

function offerText({ id, product, arm }: DraftOffer, { answers, customers }: DraftParts): string {
  const age = customers.others.find((name) => /^age$/i.test(name));
  return `  - id: ${scalar(id)}
${arm === null ? "" : `    arm: ${scalar(arm)}   # in the experiment log\n`}    product: ${scalar(product)}   # in the logs' spelling
    headline: ${scalar(`${product}, made for you`)}   # TODO
    body: Write one sentence about the offer.   # TODO
    cta: See the offer   # TODO
    url: ${scalar(answers.url ?? `https://example.com/${id}`)}${answers.url === undefined ? "   # TODO" : ""}
    margin: 1   # TODO: earnings per sale
    cost: 0   # per customer who is shown it
    ${age === undefined ? "# eligible: age >= 18" : `# eligible: ${age} >= 18`}
    # budget: 10000   # maximum number of customers
    # photo_tags: [outdoor]   # only photos with these tags
`;
}

const LOOK = ({ answers, photos }: DraftParts): string => {
  const fallback = photos.fallback === null ? null : pathFrom(dirname(answers.path), photos.fallback);
  const isOfInventory =
    photos.fallback !== null &&
    photos.folder !== null &&
    !pathFrom(photos.folder, photos.fallback).startsWith("..");
  const note = isOfInventory ? "   # TODO: use a photo without people, if possible" : "";
  return `channels: [square-1080, rectangle-300x250]   # docs/channels.md lists all

photos:
  default: ${scalar(fallback ?? "brand/default.jpg")}${fallback === null ? "   # TODO: add this photo" : note}
  # territory: NL   # releases are checked for it
`;
};

/** Without data, the first run draws all offers, so that later ones can learn from it. */
const DRAWN = `
experiment:
  explore: 1   # every offer is drawn at random; when \`train\` has outcomes (inputs.results), 0.1 is enough
`;

const RULES = ({ answers, customers, experiment, calls }: DraftParts): string => {
  const hasDate = customers.mapping.consent_biometric !== undefined;
  const { crmConsent = "by_law" } = answers;
  return `policy:
  holdout: 0.1   # shown nothing, so that \`results\` can test whether the ads sold more
  seed: 1
  # approval: required   # export and serve give out only what reviewers approved
  # max_spend: 1000
${experiment === null && calls === null ? DRAWN : ""}
privacy:
  folder: privacy
  # How dates of consent in the customers' file count${hasDate ? "" : ", once it has any"}: by_law, only where the law accepts a
  # bare date; accept, on your responsibility; ignore, not at all: import consents with \`lookalike consent import\`.
  crm_consent: ${crmConsent}
  # jurisdiction: NL
`;
};
