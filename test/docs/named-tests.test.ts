import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/node.js';
import { readPage } from './markdown.js';

/** A test that a table names. */
interface Named {
  /** Below `test/`, without its ending. */
  readonly file: string;
  /** A part of its title; undefined for the whole file. */
  readonly title: string | undefined;
}

/** The cells below the heading "test" in the tables of a page. */
function testCells(page: string): string[] {
  const cells: string[] = [];
  let column = -1;
  for (const line of readPage(page).split('\n')) {
    const row = line.startsWith('|')
      ? line
          .replaceAll('\\|', '')
          .split('|')
          .map((cell) => cell.trim())
      : [];
    if (row.length === 0) column = -1;
    else if (column === -1) column = row.lastIndexOf('test');
    else if (!/^-*$/.test(row[column] ?? '')) cells.push(row[column] ?? '');
  }
  return cells;
}

/** Reads "`file`: part of a title; part of another; `file`". */
function namedIn(cell: string, home: string): Named[] {
  let file = '';
  return cell.split(/; */).map((part) => {
    const match = /^`([^`]+)`(?:: (.*))?$/.exec(part);
    if (match !== null)
      file = match[1]?.startsWith('test/') ? match[1].slice('test/'.length) : `${home}${match[1]}`;
    return { file, title: match === null ? part : match[2] };
  });
}

/** Whether it is there, and has such a title if one is given. */
function exists({ file, title }: Named): boolean {
  if (file.includes('npm run ')) return true;
  const paths = ['', '.test.ts', '.ts'].map((ending) => join(root, 'test', `${file}${ending}`));
  const path = paths.find((each) => existsSync(each));
  if (path === undefined || title === undefined) return path !== undefined;
  return titlesIn(path).some((each) => each.includes(title));
}

/** All strings of a test file: titles are among them. */
function titlesIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(
    ([, , text]) => text ?? '',
  );
}

for (const [page, home] of [
  ['docs/attacks.md', ''],
  ['docs/failures.md', 'time-server/'],
] as const) {
  test(`every test that ${page} names is there`, () => {
    const named = testCells(page).flatMap((cell) => namedIn(cell, home));
    const missing = named.filter((each) => !exists(each)).map(({ file, title }) => `${file}: ${title ?? ''}`);
    assert.deepEqual(missing, []);
    assert.ok(named.length > 20, `only ${named.length} tests are named`);
  });
}
