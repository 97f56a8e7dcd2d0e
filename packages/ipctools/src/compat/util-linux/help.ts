/** The release of util-linux whose options, layouts and messages the drop-ins have. */
const MODEL = 'util-linux 2.41';

/** A part of a help text: a heading, and lines of an option and what it does. */
interface HelpSection {
  readonly heading?: string;
  readonly lines: readonly (readonly [option: string, meaning: string])[];
  /** Columns from the start of the option to its meaning. */
  readonly width: number;
}

export interface Help {
  readonly usage: readonly string[];
  readonly purpose: string;
  readonly sections: readonly HelpSection[];
  /** Lines between the options and the reference to the manual. */
  readonly remarks?: readonly string[];
}

/** The text of `--help`. */
export function helpText(program: string, help: Help): string {
  const lines = ['', 'Usage:', ...help.usage.map((usage) => ` ${program} ${usage}`), '', help.purpose];
  for (const section of help.sections) {
    lines.push('');
    if (section.heading !== undefined) lines.push(section.heading);
    for (const [option, meaning] of section.lines) lines.push(` ${option.padEnd(section.width)}${meaning}`);
  }
  lines.push('', ...(help.remarks ?? []), `For more details see ${program}(1).`);
  return `${lines.join('\n')}\n`;
}

/** The text of `--version`. */
export function versionText(program: string): string {
  return `${program} from ${MODEL}\n`;
}
