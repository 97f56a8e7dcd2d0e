// "npm run api" writes docs/api/*.md: what each package exports, with its documentation, as its .d.ts files have it. With --check it
// writes nothing, and fails if a report is not what the package exports now, so that no change of it goes unseen.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { published } from './published.js';

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const modules = new Map();

/** The names in a declaration file: declared there, or imported. */
function readModule(path) {
  let module = modules.get(path);
  if (module !== undefined) return module;
  module = { path, declared: new Map(), exported: new Set(), taken: new Map() };
  modules.set(path, module);
  for (const text of statements(readFileSync(path, 'utf8'))) {
    const code = text.replace(/^(?:\s*\/\*[^]*?\*\/\s*)+/, '');
    const moved = /^(?:import|export)\s+(?:type\s+)?\{([^]*)\}\s+from\s+'([^']+)'/.exec(code);
    const name =
      /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|function|const|let|enum)\s+(\w+)/.exec(
        code,
      )?.[1];
    if (moved !== null) {
      for (const each of moved[1].split(',').filter((part) => part.trim() !== '')) {
        const [own, other = own] = each
          .trim()
          .replace(/^type /, '')
          .split(' as ');
        module.taken.set(other, { name: own, from: moved[2], exported: code.startsWith('export') });
      }
    } else if (name !== undefined) {
      // An overloaded function has several declarations.
      if (code.startsWith('export ')) module.exported.add(name);
      module.declared.set(name, [module.declared.get(name), tidy(text)].filter(Boolean).join('\n'));
    }
  }
  return module;
}

/** The statements of a file, each with the comment in front of it. */
function statements(text) {
  const all = [];
  const lines = [];
  let depth = 0;
  let comment = false;
  for (const line of text.split('\n')) {
    if (lines.length === 0 && line.trim() === '') continue;
    lines.push(line);
    if (line.trim().startsWith('/*')) comment = true;
    if (!comment) {
      for (const letter of line.replace(/'[^']*'/g, ''))
        depth += '{(['.includes(letter) ? 1 : '})]'.includes(letter) ? -1 : 0;
      const end = /^(export )?(declare )?type /m.test(lines.join('\n')) ? /;$/ : /[;}]$/;
      if (depth === 0 && end.test(line)) all.push(lines.splice(0).join('\n'));
    }
    if (line.trim().endsWith('*/')) comment = false;
  }
  return all;
}

/** Removes private members. */
function tidy(text) {
  const hidden = /^ {4}(?:private |#private;)[^\n]*\n/gm;
  return text
    .replace(hidden, '')
    .replace(/^export /m, '')
    .replace(/^declare /m, '')
    .trimEnd();
}

/** The original declaration of a name; undefined if it is from another package or Node.js. */
function find(path, name) {
  const module = readModule(path);
  if (module.declared.has(name)) return { module, name };
  const taken = module.taken.get(name);
  if (taken === undefined || !taken.from.startsWith('.')) return undefined;
  return find(join(dirname(path), taken.from.replace(/\.js$/, '.d.ts')), taken.name);
}

/** The report on one entry of a package's "exports". */
function describe(index) {
  const { exported: here, taken } = readModule(index);
  const names = [...here, ...[...taken].filter(([, each]) => each.exported).map(([name]) => name)];
  const open = names
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((own) => ({ own, at: find(index, own), exported: true }));
  const done = new Set();
  const parts = { true: [], false: [] };
  for (const { own, at, exported } of open) {
    const place = at === undefined ? taken.get(own)?.from : `${at.module.path} ${at.name}`;
    if (done.has(place)) continue;
    if (at === undefined) {
      parts.true.push(`// ${own} is ${place}'s`);
      continue;
    }
    done.add(place);
    const text = at.module.declared.get(at.name);
    parts[exported].push(own === at.name ? text : `// exported as ${own}\n${text}`);
    const code = text.replace(/\/\*[^]*?\*\//g, '');
    for (const word of new Set(code.match(/\b[A-Z]\w*\b/g))) {
      const other = find(at.module.path, word);
      if (other !== undefined) open.push({ own: word, at: other, exported: false });
    }
  }
  const block = (list) => `\`\`\`ts\n${list.join('\n\n')}\n\`\`\`\n`;
  const more =
    parts.false.length === 0
      ? ''
      : `\nWhat these mention and the package does not export:\n\n${block(parts.false)}`;
  return `${block(parts.true)}${more}`;
}

/** @param each a package.json, and the package's folder */
function report({ name, folder, exports }) {
  const entries = Object.entries(exports).filter(([, { types }]) => types !== undefined);
  const sections = entries.map(([path, { types }]) => {
    const heading = path === '.' ? `# What ${name} exports` : `## ${name}${path.slice(1)}`;
    return `${heading}\n\n${describe(join(root, folder, types))}`;
  });
  return `${sections.join('\n')}\nMade by \`npm run api\` from the compiled declarations.\n`;
}

mkdirSync(join(root, 'docs/api'), { recursive: true });
for (const each of published) {
  const name = basename(each.folder);
  const path = join(root, 'docs/api', `${name}.md`);
  const text = report(each);
  if (!check) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.error(
      `The public face of @timeq/${name} is not what docs/api/${name}.md says. If that is meant, run "npm run api", ` +
        'look at the difference, and say it in CHANGELOG.md.',
    );
    process.exitCode = 1;
  }
}
