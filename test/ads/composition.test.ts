import { describe, expect, it } from "vitest";
import { contrast } from "../../src/ads/color.ts";
import { CHANNELS, type Channel, frameCrop, sceneOf, TEMPLATES } from "../../src/ads/index.ts";
import { breakPenalty } from "../../src/ads/layout/block/parts.ts";
import { canvasOf } from "../../src/ads/layout/canvas.ts";
import { sizePenalty } from "../../src/ads/layout/composition.ts";
import { slantRise } from "../../src/ads/layout/rect.ts";
import { fadeLength, fadeStops } from "../../src/ads/render/scrim.ts";
import { themeOf } from "../../src/ads/render/theme.ts";

/** What a designer looks at, in the parts that decide it. */

const text = (...lines: string[]) => ({ lines, size: 20, leading: 1.1 });
const channels = (fits: (channel: Channel) => boolean) => CHANNELS.filter(fits).map(({ id }) => id);
const canvasIn = (id: string) => {
  const channel = CHANNELS.find((known) => known.id === id);
  if (!channel) throw new Error(`no channel ${id}`);
  return canvasOf(channel);
};
/** The ways in which a template divides the canvas itself. */
const ownOf = (template: string, id: string) => {
  const found = TEMPLATES.find((known) => known.id === template);
  return (found?.arrange(canvasIn(id)) ?? []).filter(({ from }) => from === undefined);
};
const wide = channels(({ width, height }) => width / height > 1.6 && !(width / height > 3 && height < 200));
const towers = channels(({ width, height, safe }) => width / height < 0.53 && !safe);

describe("a headline's lines", () => {
  it.each([
    [["Galaxy", "for you"], 0],
    [["Galaxy", "for", "you"], 2],
    [["Make", "the", "switch to", "iPhone"], 2],
    [["Make the switch to", "iPhone"], 1],
    [["Make the switch", "to iPhone"], 0],
  ])("cost by those that are one short word: %j", (lines, lonely) => {
    const one = breakPenalty(text("Make the switch to", "iPhone"), text());
    expect(one).toBeGreaterThan(0);
    expect(breakPenalty(text(...lines), text())).toBeCloseTo(lonely * one);
  });
});

describe("a sentence of a headline", () => {
  it("costs where a line ends with its first word or begins with its last one", () => {
    const cost = (...lines: string[]) => breakPenalty(text(...lines), text());
    expect(cost("Pixel. The camera", "that sees you")).toBe(0);
    expect(cost("Pixel. The", "camera that sees")).toBeGreaterThan(0);
    expect(cost("Nothing to", "lose. Much to win")).toBeGreaterThan(0);
    expect(cost("Nothing to lose.", "Much to win.")).toBe(0);
  });
});

describe("bleed", () => {
  it.each(["portrait-1080x1350", "half-page-300x600", "story-1080x1920"])(
    "leaves the more room to the photo the more of it shows, in %s",
    (id) => {
      const fading = ownOf("bleed", id).filter(({ veil }) => veil === "fade");
      const sorted = fading.toSorted((a, b) => a.slot.height - b.slot.height);
      const tops = sorted.map(({ textBox }) => textBox.y);
      expect(tops).toEqual(tops.toSorted((a, b) => a - b));
      expect(tops.at(-1)).toBeGreaterThan((tops[0] ?? 0) + 0.1 * canvasIn(id).inner.height);
    },
  );
});

describe("a brand's light ground", () => {
  it.each(["#00a896", "#ffd02b", "#1b4dff"])(
    "differs from paper and keeps its text readable: %s",
    (primary) => {
      const colors = { primary, ink: "#14101f", paper: "#ffffff" };
      const { surfaces } = themeOf({ name: "Lumo", logo: null, colors, tone: "light" });
      expect(contrast(surfaces.brand.fill, surfaces.paper.fill)).toBeGreaterThan(1.05);
      expect(contrast(surfaces.brand.headline, surfaces.brand.fill)).toBeGreaterThan(4.5);
    },
  );
});

describe("banner", () => {
  it.each(wide)("has its slant beside the photo in %s", (id) => {
    const canvas = canvasIn(id);
    const own = ownOf("banner", id);
    expect(own.length).toBeGreaterThan(0);
    for (const { side, ground } of own) {
      expect(side).toBe("right");
      expect(ground?.rect.height).toBe(canvas.height);
    }
  });

  it.each(["half-page-300x600", "square-1080", "email-hero"])(
    "has its text below the slant where it begins, in %s",
    (id) => {
      const canvas = canvasIn(id);
      for (const { ground, textBox } of ownOf("banner", id)) {
        if (!ground) throw new Error("no ground");
        const { x, y, width } = ground.rect;
        const edge = y + slantRise(ground.rect) * (1 - (textBox.x - x) / width);
        expect(textBox.y - edge).toBeGreaterThan(0.3 * canvas.margin);
      }
    },
  );
});

describe("split-type", () => {
  it.each(towers)("has its portrait where the text begins in %s", (id) => {
    const stacked = ownOf("split-type", id).filter(({ slot, textBox }) => textBox.y >= slot.y + slot.height);
    expect(stacked.length).toBeGreaterThan(0);
    for (const { slot, textBox } of stacked) expect(slot.x).toBe(textBox.x);
  });
});

describe("the leading face", () => {
  it("is best larger in low banners than elsewhere", () => {
    const shares = Array.from({ length: 30 }, (_, index) => 0.2 + 0.25 * (index / 29));
    const bestIn = (short: number) =>
      shares.reduce((a, b) => (sizePenalty(b, short) < sizePenalty(a, short) ? b : a));
    expect(bestIn(50)).toBeGreaterThan(0.4);
    expect(bestIn(90)).toBeGreaterThan(0.4);
    expect(bestIn(250)).toBeCloseTo(0.32, 1);
    expect(bestIn(1080)).toBeCloseTo(bestIn(250), 5);
  });
});

describe("a framed photo beside a text", () => {
  const head = {
    bounds: { x: 100, y: 100, width: 200, height: 260 },
    eyes: [200, 220] as [number, number],
    gaze: 0,
    face: 140,
    area: 140 * 100,
  };
  const scene = sceneOf({ width: 400, height: 500, focus: null }, [head], 0);
  const frameIn = (width: number) => frameCrop(scene, { x: 0, y: 0, width, height: 90 });

  it("does not float in a slot that is much wider than it is", () => {
    const [narrow, wide, wider] = [180, 300, 400].map(frameIn);
    if (!narrow || !wide || !wider) throw new Error("no frames");
    expect(narrow.target.width / 180).toBeGreaterThan(0.5);
    expect(wide.target.width / 300).toBeLessThan(0.4);
    expect(wide.penalty - narrow.penalty).toBeGreaterThan(2);
    expect(wider.penalty - wide.penalty).toBeGreaterThan(1);
  });

  it("may be narrow above or below a text, where it begins with the text", () => {
    const slot = { x: 0, y: 0, width: 300, height: 90 };
    const stacked = frameCrop(scene, slot, { align: { x: 10, width: 280, at: 0 } });
    expect(stacked.penalty).toBeLessThan(frameIn(300).penalty - 2);
  });
});

describe("a photo that fades out", () => {
  const opacities = (opacity: number) =>
    [
      ...fadeStops("#000", opacity, { from: 0.5, end: 0.2, length: 0.1 }).matchAll(
        /offset="([\d.]+)".*?stop-opacity="([\d.]+)"/g,
      ),
    ].map(([, offset, value]) => ({ offset: Number(offset), value: Number(value) }));

  it.each([0.4, 0.6, 0.9])("ends before a text that needs a ground of %d", (opacity) => {
    const below = opacities(opacity).filter(({ offset }) => offset <= 0.5);
    expect(below.length).toBeGreaterThan(0);
    for (const { value } of below) expect(value).toBe(1);
  });

  it.each([0.1, 0.3])("shows below a text that needs a ground of %d", (opacity) => {
    expect(opacities(opacity).some(({ offset, value }) => offset <= 0.5 && value <= opacity)).toBe(true);
  });

  it("does so over no more of a tall canvas than of a square, and over more beside a text", () => {
    const px = (width: number, height: number, side: "bottom" | "left") =>
      fadeLength({ width, height }, side) * (side === "bottom" ? height : width);
    expect(px(1080, 1920, "bottom")).toBeLessThan(1.3 * px(1080, 1080, "bottom"));
    expect(px(160, 600, "bottom")).toBeCloseTo(60);
    expect(px(1080, 1920, "left")).toBeGreaterThan(0.16 * 1080);
  });
});
