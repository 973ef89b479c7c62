import { describe, expect, it } from "vitest";
import { type Brand, colorChanges } from "../../src/ads/index.ts";

const brandOf = (primary: string, ink: string, paper: string, tone?: Brand["tone"]): Brand => ({
  name: "Lumo",
  logo: null,
  colors: { primary, ink, paper },
  tone,
});

describe("colours that ads change for contrast", () => {
  it("are none where text is readable", () => {
    expect(colorChanges(brandOf("#5b2be0", "#16102a", "#ffffff"))).toEqual([]);
    expect(colorChanges(brandOf("#ffd400", "#111111", "#fff", "light"))).toEqual([]);
  });

  it("name an ink that cannot be read on the paper", () => {
    expect(colorChanges(brandOf("#ffe84d", "#dddddd", "#ffffff"))).toContainEqual({
      role: "ink",
      use: "text",
      from: "#dddddd",
      to: "#000000",
    });
  });

  it("name a ground that no text reads well on, and a button that would vanish", () => {
    const [ground] = colorChanges(brandOf("#777777", "#777777", "#ffffff"));
    expect(ground).toMatchObject({ role: "primary", use: "ground", from: "#777777" });
    expect(colorChanges(brandOf("#fefefe", "#111111", "#ffffff", "light"))).toEqual([
      { role: "primary", use: "button", from: "#fefefe", to: "#111111" },
    ]);
  });
});
