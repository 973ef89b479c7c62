import ts from "typescript5";
import { expect, it } from "vitest";
import { publicNames } from "../scripts/api/exports.ts";

const names = publicNames();

/** A name that appears here is a promise to users, and one that goes breaks their code: both are decided, not found. */
it("the public names are those on the list; after a decision: vitest -u", async () => {
  const list = [...names].flatMap(([entry, own]) => own.map(({ name, kind }) => `${entry} ${kind} ${name}`));
  expect(list.length).toBeGreaterThan(100);
  await expect(`${list.join("\n")}\n`).toMatchFileSnapshot("public-names.txt");
});

it("what the library's door exports is documented, its functions with what they do", () => {
  const own = names.get(".") ?? [];
  const silent = own.filter(({ kind, text }) => kind === "function" && text === "").map(({ name }) => name);
  expect(silent).toEqual([]);
});

it("every function of the library's main entry has an example that parses", () => {
  const functions = (names.get(".") ?? []).filter(({ kind }) => kind === "function");
  const examples = functions.map(({ name, tags }) => [
    name,
    tags.find((tag) => tag.name === "example")?.text ?? "",
  ]);
  expect(examples.filter(([, text]) => text === "")).toEqual([]);
  for (const [name, text = ""] of examples) {
    const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
    expect([name, diagnostics?.map(({ messageText }) => messageText)]).toEqual([name, []]);
    expect(text, name).toContain(`${name}(`);
  }
});
