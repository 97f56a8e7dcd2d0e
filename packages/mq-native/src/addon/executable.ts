import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Room for an executable's headers and the path of the program that loads it. */
const HEADER_BYTES = 4096;
const ELF = '\x7fELF';
const LITTLE_ENDIAN = 1;
const CLASS_64 = 2;
/** e_machine, by Node's name of the architecture. Source: elf(5), <elf.h>. */
const MACHINES: Readonly<Record<string, number>> = {
  arm: 40,
  arm64: 183,
  ia32: 3,
  loong64: 258,
  ppc64: 21,
  riscv64: 243,
  s390x: 22,
  x64: 62,
};

/** The beginning of a file and its size; undefined if it may not be read. */
function readBeginning(path: string): { readonly bytes: Buffer; readonly size: number } | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(HEADER_BYTES);
      return { bytes: bytes.subarray(0, readSync(file, bytes)), size: fstatSync(file).size };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** The C library that this Node was linked with, as it stands in the names of prebuilt files. */
export function libc(): string {
  if (process.platform !== 'linux') return '';
  const beginning = readBeginning(process.execPath)?.bytes.toString('latin1') ?? '';
  const loader = /ld-(musl|linux)/.exec(beginning)?.[1];
  if (loader !== undefined) return loader === 'musl' ? '-musl' : '-glibc';
  // Right as well, but it takes tens of milliseconds.
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime === undefined ? '-musl' : '-glibc';
}

/**
 * What is wrong with an addon's file, by its header alone. The loader does not check its end: a truncated file kills
 * the process with SIGBUS when the missing part is touched, and a file for another machine is reported as missing.
 */
export function faultOf(path: string): 'damaged' | { readonly builtFor: string } | undefined {
  if (process.platform !== 'linux' && process.platform !== 'freebsd') return undefined;
  const beginning = readBeginning(path);
  // The loader reports it.
  if (beginning === undefined) return undefined;
  const { bytes, size } = beginning;
  if (bytes.length < 64 || bytes.toString('latin1', 0, 4) !== ELF) return 'damaged';
  if (bytes[4] !== CLASS_64) return { builtFor: '32 bits' };
  if (bytes[5] !== LITTLE_ENDIAN) return undefined;
  const machine = bytes.readUInt16LE(18);
  const own = MACHINES[process.arch];
  if (own !== undefined && machine !== own) {
    const name = Object.keys(MACHINES).find((arch) => MACHINES[arch] === machine);
    return { builtFor: name ?? `machine ${machine}` };
  }
  // The table of sections is the last thing in the file: e_shoff, e_shentsize, e_shnum.
  const end = Number(bytes.readBigUInt64LE(40)) + bytes.readUInt16LE(58) * bytes.readUInt16LE(60);
  return end > size ? 'damaged' : undefined;
}
