import { describe, expect, it } from "vitest";
import {
  CALL_NAMES,
  type ColumnFacts,
  EXPERIMENT_NAMES,
  guessByName,
  guessCustomers,
} from "../../src/customers/guess-names.ts";

const column = (name: string, facts: Partial<ColumnFacts> = {}): ColumnFacts => ({
  name,
  isKey: false,
  isImages: false,
  ...facts,
});
const key = (name: string) => column(name, { isKey: true });
const images = (name: string) => column(name, { isImages: true });

describe("columns of a customers' file", () => {
  it.each([
    ["our own names", [key("customer_id"), key("photo_id")], "customer_id"],
    ["a telephone number before a row number", [key("row_no"), key("MSISDN")], "MSISDN"],
    ["words run together", [key("email"), key("subscriberId")], "subscriberId"],
    ["the one that differs in each row", [column("id"), key("email")], "email"],
  ])("the id is found by name and rows: %s", (_, facts, id) => {
    expect(guessCustomers(facts).mapping.customer_id).toBe(id);
  });

  it("has no id where no column differs in every row", () => {
    expect(guessCustomers([column("id"), column("age")]).mapping).toEqual({});
  });

  it("takes the portrait from the values, and the name where several have images", () => {
    const facts = [key("id"), images("contract_scan"), images("Selfie file"), column("photo_date")];
    expect(guessCustomers(facts).mapping.photo).toBe("Selfie file");
    expect(guessCustomers([key("id"), images("file")]).mapping.photo).toBe("file");
  });

  it("takes a consent only where its name speaks of faces", () => {
    const facts = ["newsletter_consent", "FaceConsentAt", "face_consent_until", "face_consent_text"];
    const { mapping, otherConsents } = guessCustomers([key("id"), ...facts.map((name) => column(name))]);
    expect(mapping).toEqual({
      customer_id: "id",
      consent_biometric: "FaceConsentAt",
      consent_expires: "face_consent_until",
    });
    expect(otherConsents).toEqual(["newsletter_consent"]);
    const only = guessCustomers([key("id"), column("marketing opt-in"), column("consent_expires")]);
    expect(only.mapping).toEqual({ customer_id: "id" });
    expect(only.otherConsents).toEqual(["marketing opt-in"]);
  });
});

describe("columns of logs", () => {
  it("are found by names that others use, each once", () => {
    expect(guessByName(["a_number", "b_number", "StartTime", "duration", "Brand"], CALL_NAMES)).toEqual({
      caller_id: "a_number",
      callee_id: "b_number",
      started_at: "StartTime",
      duration_s: "duration",
      device_manufacturer: "Brand",
    });
    expect(guessByName(["segment", "visit", "spend", "user_id"], EXPERIMENT_NAMES)).toEqual({
      treatment: "segment",
      outcome: "visit",
      value: "spend",
      customer_id: "user_id",
    });
    expect(guessByName(["caller_id", "callee_id", "x"], CALL_NAMES)).toEqual({
      caller_id: "caller_id",
      callee_id: "callee_id",
    });
  });
});
