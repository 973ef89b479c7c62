import type { Command } from "commander";
import { nearestSpelling } from "../core/index.ts";

/**
 * Flags that the called command does not have, each with the nearest one that it has. For a mistyped required
 * flag, commander only reports the required one as missing.
 */
export function unknownFlags(program: Command, args: readonly string[]): string[] {
  const command = findCalled(program, args);
  const known = command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => flag != null);
  const end = args.indexOf("--");
  const given = args.slice(0, end < 0 ? args.length : end).map((word) => word.split("=", 1)[0] ?? "");
  const unknown = given.filter((word) => word.startsWith("--") && !known.includes(word) && word !== "--help");
  return unknown.map((flag) => {
    const nearest = nearestSpelling(flag, known);
    return `error: unknown option '${flag}'${nearest === null ? "" : `\n(Did you mean ${nearest}?)`}`;
  });
}

function findCalled(program: Command, args: readonly string[]): Command {
  const [first, ...rest] = args;
  const called = program.commands.find((command) => command.name() === first);
  return called === undefined ? program : findCalled(called, rest);
}
