#!/usr/bin/env node

// A closed stderr must not end the command.
process.stderr.on("error", () => {});

try {
  // Not at the top: with too few file handles not even the modules can be read, and that has a code too.
  const { runCli } = await import("./run.ts");
  process.exitCode = await runCli(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
  });
} catch (error) {
  const { code = "", message } = error as NodeJS.ErrnoException;
  // Where Node cannot open a package's description, it does not find the package.
  if (!["EMFILE", "ENFILE", "ERR_MODULE_NOT_FOUND"].includes(code)) throw error;
  process.stderr.write(
    code === "ERR_MODULE_NOT_FOUND"
      ? `error ERR_DEPENDENCY_MISSING: The program's files could not be loaded: ${message}\n  Install the package again, or raise the limit of open files (\`ulimit -n 256\`).\n`
      : `error ERR_SYSTEM_LIMIT: The system refused to open the program's files: ${message}\n  Raise the limit of open files (\`ulimit -n 256\`).\n`,
  );
  process.exitCode = 2;
}
