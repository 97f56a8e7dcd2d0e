// Runs an example: "npm run example fibonacci 10", "npm run example echo server"; without a name it lists them all.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = resolve(import.meta.dirname, '..', 'examples');

/** The programs for users to start: those whose header comment has a "Start:" line. */
function findPrograms() {
  return readdirSync(home, { recursive: true })
    .filter((path) => /^[^/]+\/[^/]+\.ts$/.test(path) && !path.startsWith('dist/'))
    .toSorted()
    .flatMap((path) => {
      const [folder, file] = path.replace(/\.ts$/, '').split('/');
      const header = /^\/\*\*.*?\*\//s.exec(readFileSync(join(home, path), 'utf8'))?.[0] ?? '';
      const summary = /^ \* [^:\n]+: (.+)$/m.exec(header)?.[1];
      const mechanism = /^ \* Mechanism: (.+)$/m.exec(header)?.[1];
      const start = /^ \* Start: (.+)$/m.exec(header)?.[1];
      return start === undefined ? [] : [{ folder, file, summary, mechanism, start }];
    });
}

function nameOf({ folder, file }) {
  return file === 'main' ? folder : `${folder} ${file}`;
}

/** A line for each. */
function list(programs) {
  const width = Math.max(...programs.map((program) => nameOf(program).length));
  return programs
    .map((program) => `${nameOf(program).padEnd(width)}  ${program.summary} [${program.mechanism}]`)
    .join('\n');
}

function misuse(sentence) {
  console.error(sentence);
  process.exitCode = 2;
}

async function run(program, programArguments) {
  const compiled = join(home, 'dist', program.folder, `${program.file}.js`);
  // Runs in this process, so that it gets signals and the terminal as if node had started it.
  process.argv = [process.execPath, compiled, ...programArguments];
  await import(pathToFileURL(compiled).href);
}

const programs = findPrograms();
const [name, first, ...others] = process.argv.slice(2);
const ofName = programs.filter((program) => program.folder === name);
const named = ofName.find((program) => program.file === first && program.file !== 'main');
const main = ofName.find((program) => program.file === 'main');

if (name === undefined) {
  console.log(list(programs));
  console.log(
    '\nStart one with "npm run example NAME". Its options go behind "--": npm run example -- NAME --option',
  );
} else if (ofName.length === 0) {
  misuse(`There is no example "${name}". "npm run example" lists them.`);
} else if (named !== undefined) {
  await run(named, others);
} else if (main !== undefined) {
  await run(main, process.argv.slice(3));
} else {
  const known = first === undefined ? 'It is made of' : `It has no program "${first}" but`;
  misuse(`Start one part of the example "${name}" in each terminal. ${known}:\n${list(ofName)}`);
}
