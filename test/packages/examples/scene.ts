/** How an example of `--help` is run, and what shows that it did what it says. */
export interface Scene {
  /** What it finds there: a script. */
  readonly before?: string;
  /** Its exit code; 0 unless said otherwise. */
  readonly code?: number;
  /** A condition of the shell that holds afterwards; the output is in the files `out` and `err`. */
  readonly wants: string;
  /** It runs until Ctrl-C, which comes once this condition holds. */
  readonly until?: string;
  /** It is on a terminal, where this script types. */
  readonly keys?: string;
  /** The shell that it is for; bash unless said otherwise. */
  readonly shell?: 'fish';
}

export type Scenes = Readonly<Record<string, Scene>>;

/** The examples of `completion`, which all commands have. */
export function completionScenes(program: string): Scenes {
  return {
    [`eval "$(${program} completion bash)"`]: {
      before: 'after="complete -p ' + program + '"',
      wants: `grep -q 'complete -F .* ${program}' out`,
    },
    [`${program} completion fish | source`]: {
      before: 'after="complete -c ' + program + '"',
      shell: 'fish',
      wants: `grep -q '${program}' out`,
    },
  };
}
