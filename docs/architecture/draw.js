// Makes message.svg of message.txt: "node docs/architecture/draw.js". With --check it writes nothing, and fails if the
// picture is not what message.txt says, or if a file that it names is not there.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WIDTH = 1060;
const TOP = 72;
const STEP = 44;
const PART = 40;
const LANES = [120, 400, 640, 900];
/** Of sans-serif text, at most. */
const LETTER = { 13: 7, 11: 6.1 };

function parse(text) {
  const lanes = new Map();
  const steps = [];
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const lane = /^lane (\w+): (.+)$/.exec(line);
    const step = /^(\w+)(?: -> (\w+))?: ([^|]+?)(?: \| (.+))?$/.exec(line);
    if (lane !== null) lanes.set(lane[1], { title: lane[2], x: LANES[lanes.size] });
    else if (line.startsWith('== ')) steps.push({ part: line.slice(3) });
    else if (step === null || !lanes.has(step[1]) || !lanes.has(step[2] ?? step[1]))
      throw new Error(`message.txt: "${line}" is no step`);
    else steps.push({ from: lanes.get(step[1]), to: lanes.get(step[2]), what: step[3], files: step[4] });
  }
  return { lanes: [...lanes.values()], steps };
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function words(kind, x, y, text, size) {
  const half = (text.length * LETTER[size]) / 2;
  const middle = Math.min(Math.max(x, half + 6), WIDTH - half - 6);
  return [
    `<rect class="ground" x="${middle - half}" y="${y - size}" width="${2 * half}" height="${size + 4}"/>`,
    `<text class="${kind}" x="${middle}" y="${y}">${escape(text)}</text>`,
  ];
}

function draw({ lanes, steps }) {
  const shapes = [];
  let y = TOP;
  let number = 0;
  for (const { part, from, to, what, files } of steps) {
    if (part !== undefined) {
      y += PART / 2;
      shapes.push(`<text class="part" x="12" y="${y + 4}">${escape(part)}</text>`);
      y += PART / 2;
      continue;
    }
    number += 1;
    y += STEP;
    const middle = to === undefined ? from.x : (from.x + to.x) / 2;
    shapes.push(...words('what', middle, y - 8, `${number}. ${what}`, 13));
    if (files !== undefined) shapes.push(...words('file', middle, y + 16, files, 11));
    if (to === undefined) shapes.push(`<circle class="stay" cx="${from.x}" cy="${y}" r="4"/>`);
    else shapes.push(`<path class="way" marker-end="url(#head)" d="M${from.x} ${y}H${to.x}"/>`);
    y += 8;
  }
  const height = y + 34;
  const columns = lanes.flatMap(({ title, x }) => [
    `<path class="lane" d="M${x} 46V${height - 12}"/>`,
    `<rect class="head" x="${x - 115}" y="12" width="230" height="34" rx="4"/>`,
    `<text class="title" x="${x}" y="34">${escape(title)}</text>`,
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">
<title>The way of a message from msgsnd to for await, and back</title>
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8Z" fill="#2f6feb"/></marker></defs>
<style>
text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 13px; fill: #1f2328; text-anchor: middle }
.title { font-weight: bold }
.part { font-weight: bold; font-size: 14px; text-anchor: start }
.file { font-size: 11px; fill: #57606a }
.ground { fill: #ffffff }
.head { fill: #eaf2fd; stroke: #2f6feb }
.lane { stroke: #d0d7de; stroke-dasharray: 4 4 }
.way { stroke: #2f6feb; stroke-width: 1.5 }
.stay { fill: #2f6feb }
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...columns, ...shapes].join('\n')}
</svg>
`;
}

const folder = import.meta.dirname;
const picture = parse(readFileSync(join(folder, 'message.txt'), 'utf8'));
const binding = join(folder, '../../packages/mq-native');
const missing = picture.steps
  .flatMap(({ files }) => files?.split(', ') ?? [])
  .filter((file) => !existsSync(join(binding, file.startsWith('native/') ? '' : 'src', file)));
const path = join(folder, 'message.svg');
if (missing.length > 0) throw new Error(`message.txt: ${missing.join(', ')} is not there`);
if (!process.argv.includes('--check')) writeFileSync(path, draw(picture));
else if (readFileSync(path, 'utf8') !== draw(picture)) {
  console.error(`${path} is not what message.txt says: run "node docs/architecture/draw.js".`);
  process.exitCode = 1;
}
