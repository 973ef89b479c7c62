import { Argument, Command } from "commander";
import type { AddCommand } from "../command.ts";
import { EXIT } from "../output.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** A command with its possible next words. */
interface Entry {
  /** Empty for `lookalike` itself. */
  readonly path: string;
  readonly does: string;
  readonly commands: readonly { readonly name: string; readonly does: string }[];
  readonly options: readonly {
    readonly flag: string;
    readonly does: string;
    readonly choices: readonly string[];
    readonly takesValue: boolean;
  }[];
}

/** Commands by name, as in `commands.ts`. */
type Commands = Readonly<Record<string, { readonly does: string; readonly load: () => Promise<AddCommand> }>>;

/** `lookalike completion`: a script that completes commands, options and files in a shell. */
export const completionOf =
  (commands: Commands): AddCommand =>
  (program, run) => {
    program
      .command("completion")
      .description("print a script for the shell: source <(lookalike completion bash)")
      .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
      .option("--json", "print the commands and their options on stdout as JSON instead")
      .action(async (shell: Shell, flags: { readonly json?: boolean }) =>
        run(flags, async ({ output }) => {
          const entries = await readEntries(commands);
          if (output.json) await output.result(entries);
          else output.print(scriptOf(shell, entries));
          return EXIT.done;
        }),
      );
  };

async function readEntries(commands: Commands): Promise<Entry[]> {
  const program = new Command("lookalike");
  for (const { load } of Object.values(commands)) (await load())(program, async () => {});
  for (const command of program.commands) command.description(commands[command.name()]?.does ?? "");
  return entriesOf(program, "");
}

function entriesOf(command: Command, path: string): Entry[] {
  const own: Entry = {
    path,
    does: command.description(),
    commands: command.commands.map((sub) => ({ name: sub.name(), does: sub.description() })),
    options: [
      ...command.options.flatMap(({ long, description, argChoices = [], required, optional }) =>
        long == null
          ? []
          : [{ flag: long, does: description, choices: argChoices, takesValue: required || optional }],
      ),
      { flag: "--help", does: "display help", choices: [], takesValue: false },
    ],
  };
  return [own, ...command.commands.flatMap((sub) => entriesOf(sub, `${path} ${sub.name()}`.trim()))];
}

function scriptOf(shell: Shell, entries: readonly Entry[]): string {
  if (shell === "fish") return fishScript(entries);
  const script = bashScript(entries);
  return shell === "bash" ? script : `${ZSH_LEAD}${script}`;
}

/** Makes zsh understand the script for bash; the completion system of zsh itself may not be loaded yet. */
const ZSH_LEAD = `(( $+functions[compdef] )) || { autoload -U +X compinit && compinit -u; }
autoload -U +X bashcompinit && bashcompinit
`;

/**
 * Names of commands and options contain no blanks or quotes. No variable is called `path` or `words`: in zsh, these are
 * special, and a local one breaks the completion.
 */
function bashScript(entries: readonly Entry[]): string {
  const words = entries.map(({ path, commands, options }) => {
    const names = [...commands.map(({ name }) => name), ...options.map(({ flag }) => flag)];
    return `    "${path}") reply="${names.join(" ")}" ;;`;
  });
  const choices = entries.flatMap(({ path, options }) =>
    options
      .filter(({ choices: values }) => values.length > 0)
      .map(({ flag, choices: values }) => `    "${path} ${flag}") reply="${values.join(" ")}" ;;`),
  );
  const groups = entries.filter(({ path, commands }) => path !== "" && commands.length > 0);
  return `# lookalike completion
_lookalike() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="" reply=""
  if [ "$COMP_CWORD" -gt 1 ]; then command="\${COMP_WORDS[1]}"; fi
  case "$command" in
    ${groups.map(({ path }) => path).join("|") || "-"}) if [ "$COMP_CWORD" -gt 2 ]; then command="$command \${COMP_WORDS[2]}"; fi ;;
  esac
  case "$command $before" in
${choices.join("\n")}
    *" --"*) case "$current" in -*) ;; *) COMPREPLY=(); return ;; esac ;;
  esac
  if [ -z "$reply" ]; then case "$command" in
${words.join("\n")}
  esac; fi
  COMPREPLY=($(compgen -W "$reply" -- "$current"))
}
complete -o default -F _lookalike lookalike
`;
}

function fishScript(entries: readonly Entry[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = entries.flatMap(({ path, commands, options }) => {
    const parts = path.split(" ").filter(Boolean);
    const seen = parts.map((part) => `__fish_seen_subcommand_from ${part}`).join("; and ");
    const none = `not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(" ")}`;
    const isHere = [seen, commands.length > 0 ? none : ""].filter(Boolean).join("; and ");
    return [
      ...commands.map(
        ({ name, does }) => `complete -c lookalike -f -n ${quote(isHere)} -a ${name} -d ${quote(does)}`,
      ),
      ...options.map(({ flag, does, choices, takesValue }) => {
        const file = takesValue ? " -r" : "";
        const value = choices.length > 0 ? ` -x -a ${quote(choices.join(" "))}` : file;
        return `complete -c lookalike -n ${quote(isHere)} -l ${flag.slice(2)}${value} -d ${quote(does)}`;
      }),
    ];
  });
  return `# lookalike completion\n${lines.join("\n")}\n`;
}
