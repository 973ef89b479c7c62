#!/usr/bin/env node
import { runCli } from "./run.ts";

// A closed stderr must not end the command.
process.stderr.on("error", () => {});

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
});
