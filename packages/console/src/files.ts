import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/** A file of the page, compressed once. */
export interface PageFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly compressed: Buffer;
}

const FILES: ReadonlyArray<readonly [path: string, name: string, type: string]> = [
  ['/', 'page.html', 'text/html; charset=utf-8'],
  ['/page.js', 'page.js', 'text/javascript; charset=utf-8'],
  ['/chart.js', 'chart.js', 'text/javascript; charset=utf-8'],
  ['/page.css', 'page.css', 'text/css; charset=utf-8'],
  ['/icon.svg', 'icon.svg', 'image/svg+xml'],
];

/** The files of the page in a folder, by their path. */
export function readPage(folder: URL): ReadonlyMap<string, PageFile> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  return new Map(
    FILES.map(([path, name, type]) => {
      const plain = readFileSync(new URL(name, folder));
      return [path, { type, plain, compressed: brotliCompressSync(plain, { params }) }];
    }),
  );
}
