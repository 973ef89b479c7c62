#!/usr/bin/env node
import { runCli } from "./run.ts";

// What cannot be told is not told: a command does not end for want of its listener.
process.stderr.on("error", () => {});

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
});
