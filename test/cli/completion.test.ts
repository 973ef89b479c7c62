import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { lookalike } from "./capture.ts";

const hasBash = spawnSync("bash", ["-c", "true"]).status === 0;
if (!hasBash) console.warn("skipped: completion in a shell (no bash)");

describe("lookalike completion", () => {
  it.skipIf(!hasBash)("completes commands, options, values and sub-commands in bash", async () => {
    const { stdout: script, status } = await lookalike("completion", "bash");
    expect(status).toBe(0);
    const complete = (...words: string[]) => {
      const quoted = words.map((word) => `'${word}'`).join(" ");
      const asked = `${script}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _lookalike; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync("bash", ["--norc", "-c", asked], { encoding: "utf8" }).stdout.trim().split("\n");
    };
    expect(complete("lookalike", "gen")).toEqual(["generate"]);
    expect(complete("lookalike", "generate", "--gal")).toEqual(["--gallery"]);
    expect(complete("lookalike", "token", "cr")).toEqual(["create"]);
    expect(complete("lookalike", "token", "create", "--sc")).toEqual(["--scope"]);
    expect(complete("lookalike", "token", "create", "--scope", "re")).toEqual(["review"]);
    expect(complete("lookalike", "embed", "--engine", "")).toEqual(["onnx", "tfjs"]);
    // Nothing of ours: the shell then completes files.
    expect(complete("lookalike", "generate", "--campaign", "cam")).toEqual([""]);
    expect(complete("lookalike", "")).toEqual(expect.arrayContaining(Object.keys(COMMANDS)));
  });

  it("writes the same for zsh and fish, and its data as JSON", async () => {
    expect((await lookalike("completion", "zsh")).stdout).toMatch(
      /^\(\( \$\+functions\[compdef\] \)\)[\s\S]*\nautoload -U \+X bashcompinit/,
    );
    // Names that are special in zsh: with a local one, nothing is completed there.
    expect((await lookalike("completion", "zsh")).stdout).not.toMatch(/\b(?:path|words|status|prompt)=/);
    const fish = (await lookalike("completion", "fish")).stdout;
    expect(fish).toContain("-a generate -d 'choose offer and photo");
    expect(fish).toMatch(/__fish_seen_subcommand_from token; and .*create' -l scope -x -a 'decide outcome/);
    const { stdout } = await lookalike("completion", "bash", "--json");
    const paths = JSON.parse(stdout).map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(["", "serve", "token revoke"]));
    expect((await lookalike("completion", "csh")).status).toBe(2);
  });
});
