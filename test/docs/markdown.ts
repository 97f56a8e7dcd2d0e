import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from '../packages/project.js';
import { root } from '../helpers/node.js';

/** A fenced block of a page. */
export interface Block {
  /** Relative to the root. */
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The text of the block right behind it, if that is plain text: what it prints. */
  readonly output: string | undefined;
}

/** Every page of prose, relative to the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...packages.map((name) => `packages/${name}/README.md`),
];

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

export function blocksIn(page: string): Block[] {
  const text = readPage(page);
  return [...text.matchAll(/^```(\w*)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    text: match[2] ?? '',
    output: match[3],
  }));
}
