import { formatMode } from '@timeq/mq-native';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { cut, pad, wrap } from '@timeq/cli-kit/text/width';
import type { Output } from '@timeq/cli-kit/output/output';
import type { Screen } from '@timeq/cli-kit/output/screen';
import type { JsonObject } from '../../format/json.js';
import { formatDuration, formatLocal } from '../../format/time.js';
import type { Facts } from '../../model/facts.js';
import type { ReportedProcess } from '../../model/reported-process.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { formatProcess } from '../../render/columns/kinds.js';
import type { OwnedEntry } from '../../render/columns/shared.js';

/** A line above the tables: its label, and the text. */
export type LabelledLine = readonly [label: string, text: string];

/** In a list of processes: they may not be all. */
export const MAY_BE_MORE = `${UNKNOWN} (processes that can't be inspected from here)`;

/** The width of the labels. */
export const LABEL_COLUMNS = 10;

export function describeTime(time: number, { now }: Facts): string {
  return time === 0 ? 'never' : `${formatLocal(time)} (${formatDuration(now - time)} ago)`;
}

/** `4711 node (cron.service): fill.js --fast`. */
export function nameProcess(process: ReportedProcess): string {
  const { unit, program } = process;
  const where = unit === undefined ? '' : ` (${escapeText(unit)})`;
  return `${formatProcess(process)}${where}${program === undefined ? '' : `: ${escapeText(program)}`}`;
}

/** The same behind a time; empty for none. */
export function describeProcess(process: ReportedProcess): string {
  if (process.state === 'never') return '';
  if (process.state === 'elsewhere') return 'by a process of another pid namespace';
  return `by ${nameProcess(process)}`;
}

export function describeOwners(entry: OwnedEntry, { owners }: Facts): LabelledLine[] {
  const { uid, gid, creatorUid, creatorGid, mode } = entry;
  return [
    ['owner', `${owners.user(uid)}, group ${owners.group(gid)}, mode ${formatMode(mode)}`],
    ['creator', `${owners.user(creatorUid)}, group ${owners.group(creatorGid)}`],
  ];
}

/** Several lines under one label, or a text in place of none. */
export function labelled(label: string, texts: readonly string[], none: string): LabelledLine[] {
  return (texts.length === 0 ? [none] : texts).map((text, index) => [index === 0 ? label : '', text]);
}

/** A command line may be longer than a screen: the last of so many lines is cut. */
const MOST_LINES = 4;

/** Each with its label, in lines of that width; a long text goes on below itself. */
export function layLines(
  lines: readonly LabelledLine[],
  width: number,
  labelWidth = LABEL_COLUMNS,
): string[] {
  const room = Math.max(LABEL_COLUMNS, width - labelWidth);
  return lines.flatMap(([label, text]) => {
    const parts = wrap(escapeText(text), room);
    const shown = [...parts.slice(0, MOST_LINES - 1), parts.slice(MOST_LINES - 1).join(' ')];
    return shown
      .filter((part, index) => index === 0 || part !== '')
      .map((part, index) => cut(pad(index === 0 ? label : '', labelWidth, 'left') + part, width));
  });
}

/** What can't be shown, and why. */
export function refusalLines(what: string, refusal: string, width: number): string[] {
  return wrap(`${what}: ${UNKNOWN} (${escapeText(refusal)})`, width);
}

/** Writes the name of an object and the lines about it. */
export async function writeLines(
  name: string,
  lines: readonly LabelledLine[],
  screen: Screen,
  output: Output,
): Promise<void> {
  await output.write(`${screen.paint('bold', escapeText(name))}\n`);
  for (const line of layLines(lines, screen.width)) await output.write(`${line}\n`);
}

export function processJson({ pid, state, name, commandLine, program, unit }: ReportedProcess): JsonObject {
  return {
    pid,
    state,
    name: name ?? null,
    commandLine: commandLine ?? null,
    program: program ?? null,
    unit: unit ?? null,
  };
}
