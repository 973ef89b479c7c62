import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { campaignSchema } from "../../src/campaign/file/schema.ts";
import { parseCampaign } from "../../src/campaign/index.ts";
import { isLookalikeError } from "../../src/core/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const docs = readFileSync(join(ROOT, "docs/campaign.md"), "utf8");

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

function keysOf(node: SchemaNode, path: string): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [at, ...keysOf(child, at)];
  });
  const items = node.items === undefined ? [] : keysOf(node.items, `${path}[]`);
  return [...own, ...items, ...(node.anyOf ?? []).flatMap((branch) => keysOf(branch, path))];
}

const keys = keysOf(z.toJSONSchema(campaignSchema, { io: "input" }) as SchemaNode, "");

describe("docs/campaign.md", () => {
  it.each(keys)("describes %s", (key) => {
    expect(docs).toMatch(new RegExp(`^\\| \`${key.replace(/[.[\]]/g, "\\$&")}\` `, "m"));
  });

  it("describes no key that does not exist", () => {
    const [keyTables = ""] = docs.split("## Why a customer");
    const documented = [...keyTables.matchAll(/^\| `([^`]+)` /gm)].map((match) => match[1] as string);
    expect(documented.length).toBeGreaterThan(50);
    expect(documented.filter((name) => !keys.includes(name))).toEqual([]);
  });

  it("shows an example that the schema accepts", () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
    try {
      parseCampaign(example, "/nowhere/campaign.yaml");
      expect.unreachable("its files do not exist");
    } catch (error) {
      expect(isLookalikeError(error) && error.code, String(error)).toBe("ERR_CAMPAIGN_INPUT_MISSING");
    }
  });
});
