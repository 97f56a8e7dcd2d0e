import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/node.js';
import { pages, readPage } from './markdown.js';

/** Links and pictures are in sentences, not in what is shown as code. */
function prose(page: string): string {
  return readPage(page)
    .replace(/^```.*?^```$/gms, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));
}

/** The names by which GitHub links to the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(page).matchAll(/^#+ (.+)$/gm)) {
    const name = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = name;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${name}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

test('every link of a page leads to a file that is there, and to a heading that it has', () => {
  const broken: string[] = [];
  let links = 0;
  for (const page of pages) {
    for (const [, link = ''] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      links += 1;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : normalize(join(dirname(page), path));
      const there = existsSync(join(root, target));
      const isFile = there && statSync(join(root, target)).isFile();
      if (!there || (anchor !== undefined && !(isFile && anchorsOf(target).has(anchor)))) {
        broken.push(`${page}: ${link}`);
      }
    }
  }
  assert.deepEqual(broken, []);
  assert.ok(links > 100, `only ${links} were found`);
});

test('every page of docs is linked to from another page', () => {
  const linked = new Set(
    pages.flatMap((page) =>
      [...prose(page).matchAll(/\]\(([^)\s#:]+)/g)].map(([, link = '']) =>
        normalize(join(dirname(page), link)),
      ),
    ),
  );
  assert.deepEqual(
    pages.filter((page) => page.startsWith('docs/') && !linked.has(page)),
    [],
  );
});

test('every file of the project that a page names is there', () => {
  const missing: string[] = [];
  let files = 0;
  for (const page of pages) {
    // A changelog names what there was.
    if (page === 'CHANGELOG.md') continue;
    const sentences = readPage(page).replace(/^```.*?^```$/gms, '');
    const named = sentences.matchAll(/`((?:packages|test|bench|docs|scripts|examples|native)\/[\w./-]+)`/g);
    for (const [, file = ''] of named) {
      files += 1;
      const path = file.startsWith('native/') ? `packages/mq-native/${file}` : file;
      if (!existsSync(join(root, path))) missing.push(`${page}: ${file}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(files > 40, `only ${files} were found`);
});

test('no page takes longer to read than ten minutes', () => {
  const words = (page: string): number =>
    readPage(page)
      .split(/\s+/)
      .filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  // A changelog and a reference grow with what they list.
  const lists = /^(CHANGELOG\.md|docs\/api\/.*)$/;
  const long = pages.filter((page) => !lists.test(page) && words(page) > 1500);
  assert.deepEqual(long, []);
});
