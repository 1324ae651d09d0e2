import type { Command } from "commander";
import { CliError } from "./cli-error.ts";
import type { CliWorld } from "./cli-world.ts";
import { exitCode } from "./exit-code.ts";

/** What can come after a command: of `windlass mapping`, its commands and options. */
interface Place {
  /** From the program's name on. */
  readonly path: string;
  readonly words: readonly Word[];
}

interface Word {
  readonly text: string;
  readonly description: string;
}

/** Prints the script with which a shell completes `windlass`. Throws `options-wrong` for a shell that it does not know. */
export function printCompletion(world: CliWorld, shell: string, program: Command): number {
  const places = listPlaces(program, program.name());
  const files = listFileOptions(program);
  switch (shell) {
    case "bash":
      world.write(forBash(places, files));
      return exitCode.ok;
    case "zsh":
      world.write(forZsh(places, files));
      return exitCode.ok;
    case "fish":
      world.write(forFish(places));
      return exitCode.ok;
    default:
      throw new CliError({
        code: "options-wrong",
        message: "there is no completion for this shell",
        expected: "bash, zsh or fish",
        found: JSON.stringify(shell),
      });
  }
}

function listPlaces(command: Command, path: string): readonly Place[] {
  const subcommands = command.commands.map((one) => ({ text: one.name(), description: one.description() }));
  const options = command.options.flatMap(({ long, description }) =>
    long == null ? [] : [{ text: long, description }],
  );
  const help = { text: "--help", description: "display help" };
  const nested = command.commands.flatMap((one) => listPlaces(one, `${path} ${one.name()}`));
  return [{ path, words: [...subcommands, ...options, help] }, ...nested];
}

/** Options whose value is a path. */
function listFileOptions(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long, flags }) =>
    long != null && /<(?:file|folder)>/.test(flags) ? [long] : [],
  );
  return [...new Set([...own, ...command.commands.flatMap(listFileOptions)])].sort();
}

/** The words of each place, for shells whose arrays have no names, such as bash 3 of macOS. */
function cases(places: readonly Place[]): string {
  return places
    .map(({ path, words }) => `    "${path}") echo "${words.map(({ text }) => text).join(" ")}" ;;\n`)
    .join("");
}

function forBash(places: readonly Place[], files: readonly string[]): string {
  return `# bash completion of windlass: source <(windlass completion bash)
_windlass_words() {
  case "$1" in
${cases(places)}    *) return 1 ;;
  esac
}
_windlass() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" place="windlass" index
  case "$before" in
    ${files.join("|")}) COMPREPLY=(); return ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    if _windlass_words "$place \${COMP_WORDS[index]}" > /dev/null; then place="$place \${COMP_WORDS[index]}"; fi
  done
  COMPREPLY=($(compgen -W "$(_windlass_words "$place")" -- "$current"))
}
complete -o default -F _windlass windlass
`;
}

function forZsh(places: readonly Place[], files: readonly string[]): string {
  return `#compdef windlass
# zsh completion of windlass: windlass completion zsh > "\${fpath[1]}/_windlass"
_windlass_words() {
  case "$1" in
${cases(places)}    *) return 1 ;;
  esac
}
_windlass() {
  local place="windlass" index
  case "\${words[CURRENT-1]}" in
    ${files.join("|")}) _files; return ;;
  esac
  for ((index = 2; index < CURRENT; index++)); do
    if _windlass_words "$place \${words[index]}" > /dev/null; then place="$place \${words[index]}"; fi
  done
  compadd -- \${(s: :)"$(_windlass_words "$place")"} || _files
}
compdef _windlass windlass
`;
}

function forFish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ text, description }) => {
      const what = text.startsWith("--") ? `-l ${text.slice(2)}` : `-f -a ${text}`;
      return `complete -c windlass -n '__windlass_at "${path}"' ${what} -d '${description.replaceAll(/['\\]/g, "\\$&")}'\n`;
    }),
  );
  const known = places.map(({ path }) => `"${path}"`).join(" ");
  return `# fish completion of windlass: windlass completion fish > ~/.config/fish/completions/windlass.fish
function __windlass_at
  set -l place windlass
  for word in (commandline -opc)[2..-1]
    contains -- "$place $word" ${known}; and set place "$place $word"
  end
  test "$place" = "$argv[1]"
end
${lines.join("")}`;
}
