import { describe, expect, it } from "vitest";
import { lintCopy, type Platform, platformOf } from "../../../src/ads/index.ts";

function codes(headline: string, platform: Platform, placeholders: readonly string[] = []): string[] {
  const copy = { headline, body: "", cta: "" };
  return lintCopy({ copy, placeholders }, platform).map(({ code, severity }) => `${severity} ${code}`);
}

describe("lintCopy", () => {
  it.each([
    "The phone for your age",
    "Are you Christian? Meet others",
    "Just turned 62? Pay less",
    "In your 60s and online",
    "You're depressed? Call now",
    "Help with your debts",
    "A model who looks just like you",
    "Your face, our phone",
    "Are you pregnant?",
    "You are 34 and deserve it",
  ])("refuses %j on Meta and Google and leaves it alone in mail", (headline) => {
    expect(codes(headline, "meta")).toEqual(["error copy_implies_attribute"]);
    expect(codes(headline, "google")).toContain("error copy_implies_attribute");
    expect(codes(headline, "email")).toEqual([]);
    expect(codes(headline, "other")).toEqual([]);
  });

  it("warns of wording that most often leads there", () => {
    expect(codes("Because you are worth it", "meta")).toEqual(["warning copy_may_imply_attribute"]);
    expect(codes("For parents like you", "meta")).toEqual(["warning copy_may_imply_attribute"]);
  });

  it.each([
    "Your next iPhone is on us",
    "See my price",
    "You are 20 % cheaper off with us",
    "128 GB, 29 EUR a month",
    "A camera for black and white",
    "From 1.299,00 EUR to 30 November 2026",
    "Galaxy S26, 2026-11-21 to 2026-12-24",
  ])("has nothing against %j", (headline) => {
    expect(codes(headline, "meta")).toEqual([]);
    expect(codes(headline, "google")).toEqual([]);
  });

  it("refuses placeholders that tell who somebody is, but for handsets", () => {
    expect(codes("Hello", "meta", ["first_name", "current_manufacturer"])).toEqual([
      "error copy_personal_placeholder",
    ]);
    expect(codes("Hello", "google", ["age"])).toEqual(["error copy_personal_placeholder"]);
    expect(codes("Hello", "other", ["age"])).toEqual(["warning copy_personal_placeholder"]);
    expect(codes("Hello", "email", ["first_name"])).toEqual([]);
  });

  it("refuses contact data and warns Google's advertisers of shouting", () => {
    expect(codes("Write to sales@lumo.example", "google")).toEqual(["error copy_contact_data"]);
    expect(codes("Call +31 (0)20 123 4567 today", "meta")).toEqual(["error copy_contact_data"]);
    expect(codes("MEGA SALE today", "google")).toEqual(["warning copy_shouting"]);
    expect(codes("Really?!", "google")).toEqual(["warning copy_shouting"]);
    expect(codes("MEGA SALE today", "meta")).toEqual([]);
  });

  it("knows the platform of a built-in channel", () => {
    expect(["square-1080", "email-hero", "rectangle-300x250", "my-own"].map(platformOf)).toEqual([
      "meta",
      "email",
      "other",
      "other",
    ]);
    expect(platformOf("google-1200x628")).toBe("google");
  });
});
