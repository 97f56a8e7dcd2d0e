// Makes tree.svg and the list in ../which-mechanism.md of tree.txt: "node docs/which-mechanism/draw.js".
// With --check it writes nothing, and fails if one of them is not what tree.txt says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTree } from './parse-tree.js';
import { drawTree } from './picture.js';

const folder = import.meta.dirname;
const check = process.argv.includes('--check');
const BEGIN = '<!-- tree: begin, made by which-mechanism/draw.js -->';
const END = '<!-- tree: end -->';

/** The same as a list, for those who can't see the picture, and for searching. */
function listTree(tree) {
  const steps = tree.map(({ question, answers }, index) => {
    const lines = answers.map(({ text, mechanism, note }) =>
      mechanism === undefined ? `   - _${text}:_ continue` : `   - _${text}:_ **${mechanism}**, ${note}`,
    );
    return [`${index + 1}. ${question}`, ...lines].join('\n');
  });
  return steps.join('\n');
}

function put(name, wanted) {
  const path = join(folder, name);
  if (check && readFileSync(path, 'utf8') !== wanted) {
    console.error(`${path} is not what tree.txt says: run "node docs/which-mechanism/draw.js".`);
    process.exitCode = 1;
  }
  if (!check) writeFileSync(path, wanted);
}

const tree = parseTree(readFileSync(join(folder, 'tree.txt'), 'utf8'));
put('tree.svg', drawTree(tree));

const guide = readFileSync(join(folder, '../which-mechanism.md'), 'utf8');
const [before, rest] = guide.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error('which-mechanism.md has no place for the tree');
put('../which-mechanism.md', `${before}${BEGIN}\n\n${listTree(tree)}\n\n${END}${after}`);
