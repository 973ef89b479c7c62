import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { COMMANDS, loadCommands } from "../../src/cli/commands.ts";
import { lookalike } from "./capture.ts";

const program = new Command();
for (const add of await loadCommands([])) add(program, async () => {});
const names = program.commands.map((command) => command.name());
const leaves = program.commands.flatMap((command) =>
  command.commands.length === 0
    ? command.name()
    : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
);

describe("the command line", () => {
  it.each([
    ["no such command", ["genrate"], "Did you mean generate?"],
    ["no such option", ["embed", "x.jpg", "--jbos", "2"], "Did you mean --jobs?"],
    ["a required option left out", ["generate", "--out", "x"], "--campaign"],
    ["a required argument left out", ["embed"], "photo"],
    ["a choice that is none", ["embed", "x.jpg", "--engine", "gpu"], "onnx, tfjs"],
    ["a number that is none", ["match", "x.jpg", "--gallery", "g", "--top", "many"], "whole number"],
    [
      "a campaign that is not there",
      ["generate", "--campaign", "/no.yaml", "--out", "/tmp/no"],
      "ERR_CAMPAIGN_NOT_FOUND",
    ],
  ])("refuses %s with status 2, on stderr alone", async (_, args, words) => {
    const { status, stdout, stderr } = await lookalike(...args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
  });

  it("shows its help and version on stdout with status 0", async () => {
    const help = await lookalike("--help");
    expect(help).toMatchObject({ status: 0, stderr: "" });
    for (const name of names) expect(help.stdout).toContain(`  ${name} `);
    expect(await lookalike("--version")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it.each(leaves)("%s has help that names --json", async (name) => {
    const help = await lookalike(...name.split(" "), "--help");
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(help.stdout).toContain("--json");
  });

  it("loads a command by its own name", async () => {
    for (const name of Object.keys(COMMANDS)) {
      const own = new Command();
      for (const add of await loadCommands([name])) add(own, async () => {});
      expect(own.commands.map((command) => command.name())).toContain(name);
    }
  });

  it("shows help when it is called with nothing", async () => {
    const { status, stdout, stderr } = await lookalike();
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("Usage: lookalike");
  });
});
