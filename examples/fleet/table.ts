import type { Host } from './host.js';
import type { Tally } from './tally.js';

const COLUMNS = ['host', 'sender', 'sent', 'arrived', 'lost', 'doubled', 'out of order', 'kills'];

/** What became of the messages of each host. */
export function table(tally: Tally, hosts: readonly Host[]): string {
  const rows = hosts.map(({ name, language, sent, kills }) => {
    const { count, lost, doubled, late } = tally.of(name);
    return [name, language, ...[sent, count, lost, doubled, late, kills].map(String)];
  });
  const lines = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
