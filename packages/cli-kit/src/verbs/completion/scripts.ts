import type { Shell } from './shells.js';

// All three ask `PROGRAM __complete WORDS...`, so that what is completed is known in one place (complete.ts). In these
// texts PROGRAM stands for the program's name, and _PROGRAM for a function's, which can't have a hyphen.

const BASH = String.raw`# PROGRAM completion for bash; in ~/.bashrc: eval "$(PROGRAM completion bash)"
_PROGRAM() {
  local line word
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      compopt -o default 2>/dev/null
      COMPREPLY=()
      return
    fi
    word=${'$'}{line%%$'\t'*}
    # printf would quote commas, too.
    [[ $word =~ ^[[:alnum:],./:_+-]*$ ]] || printf -v word '%q' "$word"
    COMPREPLY+=("$word")
  done < <("$1" __complete "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _PROGRAM PROGRAM
`;

const ZSH = String.raw`#compdef PROGRAM
# PROGRAM completion for zsh; in ~/.zshrc, after compinit: eval "$(PROGRAM completion zsh)"
_PROGRAM() {
  local line
  local -a candidates
  for line in "${'$'}{(@f)$(PROGRAM __complete "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :file ]]; then
      _files
      return
    fi
    [[ -n $line ]] && candidates+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}")
  done
  _describe PROGRAM candidates
}
if [[ $funcstack[1] == _PROGRAM ]]; then
  _PROGRAM "$@"
else
  compdef _PROGRAM PROGRAM
fi
`;

const FISH = String.raw`# PROGRAM completion for fish; in ~/.config/fish/config.fish: PROGRAM completion fish | source
function __PROGRAM_candidates
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (PROGRAM __complete $words[2..] 2>/dev/null)
    if test "$lines[1]" = ":file"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c PROGRAM -f -a '(__PROGRAM_candidates)'
`;

const TEXTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The script that completes a program's command lines in a shell. */
export function scriptFor(shell: Shell, program: string): string {
  return TEXTS[shell]
    .replace(/(_+)PROGRAM/g, (_, mark) => mark + program.replaceAll('-', '_'))
    .replaceAll('PROGRAM', program);
}
