import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addCommands, COMMANDS } from "../../src/cli/commands.ts";
import { lookalike } from "./capture.ts";

const names = Object.keys(COMMANDS);
const commands = (await Promise.all(names.map(load))).flat();
const leaves = commands.flatMap((command) =>
  command.commands.length === 0
    ? command.name()
    : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
);

async function load(name: string): Promise<readonly Command[]> {
  const program = new Command();
  await addCommands(program, [name], async () => {});
  return program.commands;
}

describe("the command line", () => {
  it.each([
    ["no such command", ["genrate"], "Did you mean generate?"],
    ["no such option", ["embed", "x.jpg", "--jbos", "2"], "Did you mean --jobs?"],
    [
      "a required option mistyped",
      ["generate", "--campain", "c.yaml", "--out", "x"],
      "Did you mean --campaign?",
    ],
    [
      "a required option mistyped with its value",
      ["match", "x.jpg", "--galery=g"],
      "Did you mean --gallery?",
    ],
    ["a required option left out", ["generate", "--out", "x"], "--campaign"],
    ["a required argument left out", ["embed"], "photo"],
    ["a choice that is none", ["embed", "x.jpg", "--engine", "gpu"], "onnx, tfjs"],
    ["a number that is none", ["match", "x.jpg", "--gallery", "g", "--top", "many"], "whole number"],
    ["a share of nobody", ["plan", "--campaign", "c.yaml", "--base", "0"], "'--base <share>' argument '0'"],
    ...["bogus", "10.0.0.0/33", "::1/129", "10.0.0.1/8/8", "10.0.0"].map(
      (proxy): [string, string[], string] => [
        `the proxy ${proxy}`,
        ["serve", "--campaign", "c.yaml", "--out", "out", "--trust-proxy", "127.0.0.1", "fd00::/8", proxy],
        `argument '${proxy}' is invalid. Expected an IP address`,
      ],
    ),
    ["a power of 1", ["plan", "--campaign", "c.yaml", "--power", "1"], "at most 0.999"],
    ["a port that is none", ["judge", "--gallery", "g", "--rater", "a", "--port", "70000"], "0 to 65535"],
    [
      "a column mapped twice",
      ["consent", "import", "x.csv", "--map", "given_at=a", "--map", "given_at=b"],
      "one column for given_at",
    ],
    [
      "a column of purchases mapped twice",
      ["train", "--purchase-columns", "at=a,product=p,at=b"],
      "one column for at",
    ],
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

  it.each(leaves)(
    "%s has help that says what it does, and names --json and each default once",
    async (name) => {
      const help = await lookalike(...name.split(" "), "--help");
      expect(help).toMatchObject({ status: 0, stderr: "" });
      expect(help.stdout).toContain("--json");
      expect(help.stdout).toMatch(/^Usage: .+\n(?: .+\n)*\n(?!Options|Arguments)[a-z]/);
      expect(help.stdout).not.toMatch(/\(default: [^)]*\)\s+\(default:/);
    },
  );

  it("adds the called command alone, under its own name and with the help of the list", async () => {
    expect(commands.map((command) => command.name())).toEqual(names);
    for (const command of commands) {
      expect(command.description()).toBe(COMMANDS[command.name()]?.does);
      expect((await lookalike("help", command.name())).stdout).toContain("Options:");
    }
  });

  it("shows help when it is called with nothing", async () => {
    const { status, stdout, stderr } = await lookalike();
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("Usage: lookalike");
  });
});
