import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdCopy,
  type Brand,
  CHANNELS,
  createRenderer,
  createTypesetter,
  type Template,
  type Typesetter,
} from "../../src/ads/index.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

const brand = BRANDS[0] as Brand;
const copy = COPIES[1] as AdCopy;
const channels = CHANNELS.filter(({ id }) => ["rectangle-300x250", "leaderboard-728x90"].includes(id));

let folder: string;
let typesetter: Typesetter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lookalike-templates-"));
  typesetter = await createTypesetter();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function draw(template: string | Template) {
  const renderer = await createRenderer({ out: folder, brand, channels, template, typesetter });
  return renderer.render({ copy, photo: await samplePhoto("sample1.jpg", 1) });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** As docs/templates.md shows it. */
const POSTER = `<!-- Photo above, words below on paper. -->
<template id="poster" voice="serif">
  <layout for="square tall wide">
    <photo box="0 0 100% 40%"/>
    <ground box="0 40% 100% 60%" surface="paper" shape="plain"/>
    <copy box="1m 43% 88% 54%" logo="beside-button" accent="true"/>
  </layout>
  <layout for="strip">
    <photo box="0 0 20% 100%"/>
    <ground box="20% 0 80% 100%" surface="paper"/>
    <copy box="22% 0 77% 100%" flow="row" logo="above"/>
  </layout>
</template>
`;

describe("a template of tags", () => {
  it("divides the canvas as it says, and falls back where it has nothing for one", async () => {
    const { layouts } = await draw(await file("poster.html", POSTER));
    const [square, strip] = layouts;
    expect(square?.panel).toEqual({ x: 0, y: 100, width: 300, height: 150 });
    expect(square?.picture.target).toMatchObject({ x: 0, y: 0, width: 300 });
    expect(strip?.panel?.x).toBe(146);
    const onlySquare = POSTER.replace(/<layout for="strip">[\s\S]*?<\/layout>/, "");
    const { layouts: fallback } = await draw(await file("square.html", onlySquare));
    expect(fallback[1]?.button.width).toBeGreaterThan(50);
  });

  it("names its files anew when the template changes", async () => {
    const first = await draw(await file("poster.html", POSTER));
    const second = await draw(await file("poster.html", POSTER.replace("40% 100% 60%", "41% 100% 59%")));
    expect(second.creatives[0]?.file).not.toBe(first.creatives[0]?.file);
  });

  it.each([
    ["an unknown tag", POSTER.replace("<photo ", "<picture "), "line 4"],
    ["an unknown attribute", POSTER.replace('surface="paper" shape', 'color="red" shape'), "color"],
    ["a wrong word", POSTER.replace('surface="paper"', 'surface="pink"'), "pink"],
    ["a box that is none", POSTER.replace('box="0 0 100% 40%"', 'box="0 0 wide"'), "box"],
    ["no photo", POSTER.replace('<photo box="0 0 100% 40%"/>', ""), "<photo>"],
    ["a tag left open", POSTER.replace("</template>", ""), "</template>"],
    ["text", POSTER.replace("<layout", "words <layout"), "line 3"],
    ["no template", "<layout/>", "<template>"],
  ])("refuses %s, naming it", async (_, text, named) => {
    await expect(draw(await file("wrong.html", text))).rejects.toMatchObject({
      code: "ERR_TEMPLATE_INVALID",
      message: expect.stringContaining(named),
    });
  });
});

describe("a template of code", () => {
  it("is an object of the library's caller", async () => {
    const own: Template = {
      id: "own",
      arrange: ({ width, height, inner }) => [
        {
          side: "right",
          slot: { x: 0, y: 0, width: width / 2, height },
          textBox: { ...inner, x: width / 2 + inner.x, width: width / 2 - 2 * inner.x },
          ground: {
            rect: { x: width / 2, y: 0, width: width / 2, height },
            surface: "brand",
            shape: "slant",
          },
          flow: height < 100 ? "row" : "stack",
          logo: "above",
          bias: 0,
        },
      ],
    };
    expect((await draw(own)).layouts[0]?.panel?.x).toBe(150);
  });
});

describe("a file of code", () => {
  it.each(["module.mjs", "script.js", "typed.ts"])("is refused and not run: %s", async (name) => {
    const ran = join(folder, `${name}.ran`);
    const path = await file(
      name,
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(ran)}, "");`,
    );
    const refusal = { code: "ERR_TEMPLATE_INVALID", message: expect.stringContaining(path) };
    await expect(draw(path)).rejects.toMatchObject(refusal);
    expect(existsSync(ran)).toBe(false);
  });

  it("is refused where it is missing", async () => {
    const path = join(folder, "gone.html");
    const refusal = { code: "ERR_TEMPLATE_INVALID", message: expect.stringContaining(path) };
    await expect(draw(path)).rejects.toMatchObject(refusal);
  });
});
