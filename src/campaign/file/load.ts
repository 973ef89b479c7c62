import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { loadShares, personalPolicy, withShares } from "../../experiments/index.ts";
import { hashBytes, readNamedText, reason } from "../../io/files.ts";
import { type KeyPath, readYaml } from "../../io/yaml.ts";
import type { Campaign } from "../types.ts";
import { resolveChannel } from "./channels.ts";
import { campaignError, type Problem, schemaProblems, valueAt, withPlaces } from "./problems.ts";
import { resolveCampaign } from "./resolve.ts";
import { campaignSchema } from "./schema.ts";

/**
 * Reads a campaign file and checks all of it before any work: keys, values, and that the files in it exist.
 * Relative paths are resolved against the file's own folder.
 *
 * @throws ERR_CAMPAIGN_NOT_FOUND the file cannot be opened
 * @throws ERR_CAMPAIGN_INVALID lists every problem with its line, column, key and what was expected
 * @throws ERR_CAMPAIGN_INPUT_MISSING the file is valid, but files that it refers to do not exist
 * @throws ERR_MODEL_UNREADABLE the learned shares cannot be read
 *
 * @example
 * const campaign = await loadCampaign("campaign.yaml");
 * console.log(campaign.name, campaign.offers.length);
 */
export async function loadCampaign(path: string): Promise<Campaign> {
  const absolute = resolve(path);
  const text = await readText(absolute);
  return withLearnedShares(parseCampaign(text, absolute));
}

/**
 * The same for work that needs no inputs: a withdrawal or an erasure must not wait for a missing photo. The files that the
 * campaign names may be missing, and learned shares are not read.
 *
 * @throws ERR_CAMPAIGN_NOT_FOUND, ERR_CAMPAIGN_INVALID
 */
export async function loadRules(path: string): Promise<Campaign> {
  const absolute = resolve(path);
  return parse(await readText(absolute), absolute, () => []);
}

/** Adds the learned shares of the arms, if the campaign enables them and there are any. */
async function withLearnedShares(campaign: Campaign): Promise<Campaign> {
  const { experiment, inputs } = campaign;
  if (experiment.learn === null || !existsSync(inputs.policy)) return campaign;
  const shares = await loadShares(inputs.policy);
  const learned = { ...withShares(experiment, shares), policy: personalPolicy(shares) };
  const { faces, copy, template, exploreShares, policy } = learned;
  // The shares change decisions, so an interrupted run must not resume with other ones.
  const personal = policy === null ? {} : { policy };
  const decisive = JSON.stringify({ faces, copy, template, exploreShares, ...personal });
  return { ...campaign, hash: hashBytes(`${campaign.hash} ${decisive}`), experiment: learned };
}

/**
 * Checks a campaign file that was already read; throws as `loadCampaign` does.
 *
 * @param path of the file, which relative paths start from
 *
 * @example
 * const campaign = parseCampaign(await readFile("campaign.yaml", "utf8"), "campaign.yaml");
 */
export function parseCampaign(text: string, path: string): Campaign {
  return parse(text, path, missingFiles);
}

function parse(text: string, path: string, findMissing: typeof missingFiles): Campaign {
  const name = basename(path);
  const folder = dirname(path);
  const file = readYaml(text);
  if (file.problems.length > 0) {
    throw campaignError(
      name,
      file.problems.map((problem) => ({
        ...problem,
        path: [],
        message: `Expected valid YAML: ${problem.message}`,
      })),
    );
  }
  const parsed = campaignSchema.safeParse(file.value);
  const channels = channelProblems(file.value);
  const missing = findMissing(file.value, folder);
  const invalid = [...(parsed.success ? [] : schemaProblems(file.value, parsed.error.issues)), ...channels];
  if (invalid.length > 0 || !parsed.success) {
    throw campaignError(name, withPlaces([...invalid, ...missing], file));
  }
  if (missing.length > 0) throw campaignError(name, withPlaces(missing, file), "ERR_CAMPAIGN_INPUT_MISSING");
  return { path, folder, hash: hashBytes(text), ...resolveCampaign(parsed.data, folder) };
}

async function readText(path: string): Promise<string> {
  try {
    return await readNamedText(path);
  } catch (cause) {
    throw new LookalikeError(
      "ERR_CAMPAIGN_NOT_FOUND",
      `Could not open the campaign ${path}: ${reason(cause)}`,
      {
        hint: "Pass the path of a campaign file with --campaign; docs/campaign.md shows one.",
        cause,
      },
    );
  }
}

function channelProblems(value: unknown): Problem[] {
  const channels = valueAt(value, ["channels"]);
  if (!Array.isArray(channels)) return [];
  return channels.flatMap((channel: unknown, index) => {
    const name = channelName(channel);
    if (name === null) return [];
    const resolved = resolveChannel(name);
    return resolved.found ? [] : [{ path: ["channels", index], message: resolved.message }];
  });
}

/** Id of a built-in channel; null for a custom one. */
function channelName(channel: unknown): string | null {
  if (typeof channel === "string") return channel;
  const isOwn = typeof channel !== "object" || channel === null || "width" in channel || !("id" in channel);
  return isOwn || typeof channel.id !== "string" ? null : channel.id;
}

/** Keys whose files must exist before any work; commands create the gallery and the model. */
const INPUT_PATHS: readonly KeyPath[] = [
  ["brand", "logo"],
  ["brand", "logo_mono"],
  ["brand", "fonts", "regular"],
  ["brand", "fonts", "bold"],
  ["photos", "default"],
  ["experiment", "pre", "path"],
  ["policy", "resemblance", "metric"],
];

function missingFiles(value: unknown, folder: string): Problem[] {
  const inputs = valueAt(value, ["inputs"]);
  const inventory = valueAt(value, ["inputs", "inventory"]);
  const paths = [
    ...INPUT_PATHS,
    // All tables, so that a new one is included.
    ...(typeof inputs === "object" ? Object.keys(inputs ?? {}) : []).map((table) => [
      "inputs",
      table,
      "path",
    ]),
    ...(Array.isArray(inventory) ? inventory.map((_, index) => ["inputs", "inventory", index]) : []),
  ];
  return paths.flatMap((path) => {
    const given = valueAt(value, path);
    if (typeof given !== "string" || given.trim() === "" || given.includes("\0")) return [];
    const target = resolve(folder, withoutGlob(given));
    if (existsSync(target)) return [];
    return [{ path, message: `Expected a file for ${path.join(".")} but found nothing at ${target}` }];
  });
}

/** The folder before the first wildcard; files that match are checked by the reader. */
function withoutGlob(path: string): string {
  const wildcard = path.search(/[*?[{]/);
  return wildcard < 0 ? path : path.slice(0, wildcard).replace(/[^/\\]*$/, "") || ".";
}
