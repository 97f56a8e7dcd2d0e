// Runs the commands of session.txt on a terminal, in an IPC namespace of its own, and writes what it showed as a picture:
// "node docs/session/record.js [FILE]"; without FILE session.svg. It takes bash, perl, and util-linux's script and unshare.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = import.meta.dirname;
const root = resolve(folder, '../..');
const COLUMNS = 98;
const LETTER = 8.43;
const LINE = 19;
const MARGIN = 16;
// What the terminal is told of weight and colour.
const ESCAPE = '\u001b';
const STYLE = new RegExp(`${ESCAPE}\\[([\\d;]*)m`, 'g');
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#56d4dd' };

/** Each command as it is typed, and then run; what runs behind it gets time to say so. */
function record(commands) {
  const steps = commands.map((command) => {
    const typed = `printf '\\033[1m$ %s\\033[0m\\n' '${command.replaceAll("'", String.raw`'\''`)}'`;
    // The shell's own word about a process that was killed comes at any time; of one that it disowned it has none.
    const after = command.endsWith('&')
      ? 'disown; until time-client status >/dev/null 2>&1; do :; done'
      : command.startsWith('kill ')
        ? 'while kill -0 $! 2>/dev/null; do :; done'
        : ':';
    return `${typed}\n${command}\n${after}`;
  });
  const script = [`stty cols ${COLUMNS} rows 50`, ...steps, 'exit 0'].join('\n');
  const alone =
    spawnSync('unshare', ['--ipc', 'true']).status === 0 ? ['--ipc'] : ['--map-root-user', '--ipc'];
  const { stdout, stderr, status } = spawnSync(
    'unshare',
    [...alone, 'script', '--quiet', '--return', '--command', 'exec bash -c "$SESSION" 2>&1', '/dev/null'],
    {
      cwd: root,
      encoding: 'utf8',
      input: '',
      env: {
        HOME: process.env['HOME'] ?? '/',
        PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
        SESSION: script,
        SHELL: '/bin/bash',
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
      },
    },
  );
  if (status !== 0) throw new Error(`the session failed: ${stderr}${stdout}`);
  return stdout.replaceAll('\r', '').trimEnd().split('\n');
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A line with its colours as tspans. */
function spans(line) {
  let weight = '';
  let fill = '';
  return line
    .split(STYLE)
    .map((part, index) => {
      if (index % 2 === 0) return part === '' ? '' : `<tspan${weight}${fill}>${escape(part)}</tspan>`;
      for (const code of part.split(';')) {
        if (code === '' || code === '0') weight = fill = '';
        if (code === '1') weight = ' font-weight="bold"';
        if (code === '2') fill = ' fill="#8b949e"';
        if (code in COLOURS) fill = ` fill="${COLOURS[code]}"`;
        if (code === '39' || code === '22') fill = weight = '';
      }
      return '';
    })
    .join('');
}

/** Lines that the terminal would break are broken here too. */
function broken(line) {
  if (line.replaceAll(STYLE, '').length <= COLUMNS) return [line];
  const plain = line.replaceAll(STYLE, '');
  const cut = plain.lastIndexOf(' ', COLUMNS);
  const bold = line.startsWith(`${ESCAPE}[1m`) ? `${ESCAPE}[1m` : '';
  return [bold + plain.slice(0, cut), ...broken(bold + plain.slice(cut + 1))];
}

function draw(lines) {
  const width = Math.ceil(COLUMNS * LETTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.map(
    (line, row) =>
      `<text x="${MARGIN}" y="${MARGIN + 14 + row * LINE}" xml:space="preserve">${spans(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>A terminal: a server is started, asked, killed; queues are listed and looked into</title>
<style>text { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 14px; fill: #e6edf3 }</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${texts.join('\n')}
</svg>
`;
}

const commands = readFileSync(join(folder, 'session.txt'), 'utf8').trim().split('\n');
const file = process.argv[2] ?? join(folder, 'session.svg');
writeFileSync(file, draw(record(commands).flatMap(broken)));
