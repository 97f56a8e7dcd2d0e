/** The shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

// All three ask `ipctools __complete WORDS...`, so that what is completed is known in one place (complete.ts).

const BASH = String.raw`# ipctools completion for bash; in ~/.bashrc: eval "$(ipctools completion bash)"
_ipctools() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      compopt -o default 2>/dev/null
      COMPREPLY=()
      return
    fi
    COMPREPLY+=("$(printf '%q' "${'$'}{line%%$'\t'*}")")
  done < <("$1" __complete "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _ipctools ipctools
`;

const ZSH = String.raw`#compdef ipctools
# ipctools completion for zsh; in ~/.zshrc, after compinit: eval "$(ipctools completion zsh)"
_ipctools() {
  local line
  local -a candidates
  for line in "${'$'}{(@f)$(ipctools __complete "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :file ]]; then
      _files
      return
    fi
    [[ -n $line ]] && candidates+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}")
  done
  _describe ipctools candidates
}
if [[ $funcstack[1] == _ipctools ]]; then
  _ipctools "$@"
else
  compdef _ipctools ipctools
fi
`;

const FISH = String.raw`# ipctools completion for fish; in ~/.config/fish/config.fish: ipctools completion fish | source
function __ipctools_candidates
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (ipctools __complete $words[2..] 2>/dev/null)
    if test "$lines[1]" = ":file"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c ipctools -f -a '(__ipctools_candidates)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
