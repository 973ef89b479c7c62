import { dirname } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import {
  CALL_NAMES,
  distinctValues,
  EXPERIMENT_NAMES,
  type GuessedCustomers,
  guessCustomerColumns,
  guessTableColumns,
  USAGE_NAMES,
} from "../../customers/index.ts";
import { findCampaignPhotos, portraitFolders } from "./find-photos.ts";
import { campaignText } from "./text.ts";
import type { CampaignDraft, DraftAnswers, DraftOffer, DraftParts, DraftTable } from "./types.ts";

/** A column with more arms than this is not a list of offers. */
const MOST_ARMS = 20;
const IS_CONTROL = /^(?:none|control|holdout|no\b.*|0|false|)$/i;

/**
 * Drafts a campaign file from the header of the customers' file and the photos found nearby. Nothing is
 * written.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_REPEATED
 * @throws ERR_COLUMN_MISSING no column can be the customers' id, or a given column does not exist
 *
 * @example
 * const { text, todo } = await draftCampaign({ path: "/c/campaign.yaml", customers: "/c/crm.csv" });
 */
export async function draftCampaign(answers: DraftAnswers): Promise<CampaignDraft> {
  const customers = withNamed(await guessCustomerColumns(answers.customers), answers);
  const root = dirname(answers.path);
  const photos = await findCampaignPhotos({
    root,
    inventory: answers.photos,
    portraits: portraitFolders(answers.customers, customers.portraits),
  });
  const table = async (
    path: string | undefined,
    names: Parameters<typeof guessTableColumns>[1],
  ): Promise<DraftTable | null> => {
    if (path === undefined) return null;
    const { mapping } = await guessTableColumns(path, names);
    return { path, columns: mapping as Record<string, string> };
  };
  const [calls, usage, log] = [
    await table(answers.calls, CALL_NAMES),
    await table(answers.usage, USAGE_NAMES),
    await table(answers.experiment, EXPERIMENT_NAMES),
  ];
  const arms = log === null ? [] : await armsOf(log);
  const parts: DraftParts = {
    answers,
    customers,
    photos: { ...photos, fallback: answers.defaultPhoto ?? photos.fallback },
    calls,
    usage,
    experiment: log && { ...log, control: arms.find((arm) => IS_CONTROL.test(arm)) ?? null },
    offers: offersOf(answers, arms),
  };
  return { text: campaignText(parts), parts, todo: openQuestions(parts) };
}

function withNamed(guessed: GuessedCustomers, { columns, customers }: DraftAnswers): GuessedCustomers {
  const mapping = { ...guessed.mapping, ...columns };
  for (const [role, name] of Object.entries(mapping)) {
    if (name === undefined || guessed.columns.includes(name)) continue;
    throw noColumn(`Expected a column ${JSON.stringify(name)} for ${role} in ${customers}`, guessed.columns);
  }
  if (mapping.customer_id === undefined) {
    const message = `Expected a column in ${customers} with a unique id in every row but found none`;
    throw noColumn(message, guessed.columns);
  }
  const taken = new Set(Object.values(mapping));
  return { ...guessed, mapping, others: guessed.columns.filter((name) => !taken.has(name)) };
}

function noColumn(message: string, columns: readonly string[]): LookalikeError {
  return new LookalikeError("ERR_COLUMN_MISSING", message, {
    hint: `Name the column with a flag such as --id. The file has: ${columns.slice(0, 30).join(", ")}.`,
  });
}

async function armsOf({ path, columns }: DraftTable): Promise<readonly string[]> {
  const { treatment } = columns;
  return treatment === undefined ? [] : ((await distinctValues(path, treatment, MOST_ARMS)) ?? []);
}

function offersOf({ products }: DraftAnswers, arms: readonly string[]): readonly DraftOffer[] {
  const named = products ?? arms.filter((arm) => !IS_CONTROL.test(arm));
  const taken = new Set(["none"]);
  return (named.length === 0 ? ["Your product"] : named).map((product, i) => {
    const slug = product
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60);
    const id = slug === "" || taken.has(slug) ? `offer-${i + 1}` : slug;
    taken.add(id);
    const arm = arms.includes(product) && product !== id ? product : null;
    return { id, product, arm };
  });
}

function openQuestions({ answers, customers, photos, offers, experiment, calls }: DraftParts): string[] {
  const { mapping, otherConsents } = customers;
  const todo = [
    `Write headline, body, button, address and margin of ${offers.map(({ id }) => id).join(", ")}.`,
  ];
  if (answers.brand === undefined) todo.push("Write the brand's name and colours.");
  if (photos.folder === null)
    todo.push("Put the campaign's photos into a folder and name it in inputs.inventory.");
  if (photos.fallback === null)
    todo.push("Set photos.default to the photo for customers without a look-alike.");
  if (mapping.photo === undefined) {
    todo.push(
      "No column contains paths of portraits: all customers get the default photo until you name one.",
    );
  } else if (mapping.consent_biometric === undefined) {
    const others =
      otherConsents.length === 0 ? "" : ` (${otherConsents.join(", ")} may be for another purpose)`;
    todo.push(
      `No column contains consents to face matching${others}: no portrait is opened until you name one.`,
    );
  }
  const open = ["treatment", "outcome"].filter((role) => experiment?.columns[role] === undefined);
  if (experiment !== null && open.length > 0) {
    todo.push(`Name the ${open.join(" and the ")} column in inputs.experiment.columns: no name was clear.`);
  }
  if (experiment === null && calls === null) {
    todo.push(
      "There is no data about earlier offers: every offer is drawn at random (experiment.explore). Name a past experiment or a call log in inputs to choose offers by it, and remove experiment.",
    );
  }
  return todo;
}
