import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../helpers/node.js';
import { Finding, type Check } from './check.js';
import { copyWithAddon } from './sanitized-copy.js';
import { capture, compilerFile, gcc } from './tools.js';

const options = [
  '-fsanitize=address,undefined',
  '-fno-omit-frame-pointer',
  '-O1',
  '-U_FORTIFY_SOURCE',
  '-UNDEBUG',
];

/**
 * Node never frees most of its memory, and process.exit does not let addons free theirs. A leak is the addon's if
 * its own code allocated the memory: the frame below the allocator's.
 */
const ALLOCATION_FRAMES = 2;

/**
 * LeakSanitizer's message when a thread of Node is just ending and it has not searched for leaks. This
 * happens to a few processes in a thousand on a busy machine, even if the addon has no thread.
 */
const STUMBLED = 'LeakSanitizer has encountered a fatal error';
/** The most such processes to tolerate: with more, the search for leaks proves nothing. */
const MOST_STUMBLED = 10;

/** Runs the tests of mq-native with an instrumented addon, in every process that they start. */
export const addressSuite: Check = {
  name: 'address',
  title: 'the tests of mq-native under AddressSanitizer and UndefinedBehaviorSanitizer',
  needs: [gcc],
  async run(long) {
    const copy = await copyWithAddon('address', { CC: gcc.command, CFLAGS: options.join(' ') });
    const reports = join(copy, 'reports');
    mkdirSync(reports);
    // Some tests become another user.
    chmodSync(reports, 0o777);
    const files = testFiles(join(copy, 'test', 'dist'));
    const { code, text } = await capture(
      process.execPath,
      ['--test', '--test-reporter=spec', '--test-concurrency=2', '--test-timeout=900000', ...files],
      {
        LD_PRELOAD: compilerFile(gcc, 'libasan.so'),
        PATH: `${peersWithout(copy)}:${process.env['PATH'] ?? ''}`,
        ASAN_OPTIONS: [
          // A leak check at the end of each of the thousand processes takes longer than the tests.
          `detect_leaks=${long ? 1 : 0}`,
          // So does symbolizing; ASAN_OPTIONS=symbolize=1 enables it.
          'symbolize=0',
          // The quarantine of freed memory would look like a leak to the test that searches for leaks.
          'quarantine_size_mb=4',
          `log_path=${reports}/address`,
          process.env['ASAN_OPTIONS'] ?? '',
        ].join(':'),
        UBSAN_OPTIONS: `print_stacktrace=1:log_path=${reports}/undefined`,
        // Node's own leaks must not change exit codes, which tests check; the reports are read here.
        LSAN_OPTIONS: 'exitcode=0',
      },
      copy,
    );
    const texts = readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8'));
    const stumbled = texts.filter(hasStumbled).length;
    const findings = texts.filter((report) => !hasStumbled(report)).flatMap(findingsIn);
    for (const finding of findings) console.log(finding);
    if (findings.length > 0) throw new Finding(`${findings.length} reports`);
    if (stumbled > MOST_STUMBLED) throw new Finding(`leaks could not be looked for in ${stumbled} processes`);
    if (code !== 0) {
      console.log(text);
      const why = stumbled > 0 ? `; LeakSanitizer made ${stumbled} processes end with 0, run it again` : '';
      throw new Finding(`the tests failed with exit code ${code}${why}`);
    }
    const tests = /tests (\d+)/.exec(text)?.[1] ?? '?';
    return long
      ? `${tests} tests; leaks of Node's own in ${texts.length - stumbled} processes; ${stumbled} not looked into`
      : `${tests} tests`;
  },
};

/** PHP refuses to run with the sanitizer's library loaded, and other languages need no instrumentation. */
function peersWithout(copy: string): string {
  const folder = join(copy, 'peers');
  mkdirSync(folder);
  for (const command of ['php', 'perl']) {
    const script = `#!/bin/sh\nPATH="\${PATH#*:}"\nunset LD_PRELOAD\nexec ${command} "$@"\n`;
    writeFileSync(join(folder, command), script, { mode: 0o755 });
  }
  return folder;
}

function testFiles(compiled: string): string[] {
  return (
    readdirSync(join(compiled, 'mq-native'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.js'))
      // Output whose source was deleted.
      .filter((name) => existsSync(join(root, 'test', 'mq-native', name.replace(/\.js$/, '.ts'))))
      .toSorted()
      .map((name) => join(compiled, 'mq-native', name))
  );
}

function hasStumbled(report: string): boolean {
  return report.includes(STUMBLED) && !report.includes('ERROR: AddressSanitizer');
}

/** The leaks of a report that are the addon's. */
function findingsIn(report: string): string[] {
  if (!report.includes('LeakSanitizer: detected memory leaks')) return [report];
  return report.split('\n\n').filter(isLeakOfAddon);
}

function isLeakOfAddon(paragraph: string): boolean {
  if (!/^(Direct|Indirect) leak/.test(paragraph)) return false;
  const frames = paragraph.split('\n').filter((line) => /^\s+#\d/.test(line));
  return frames.slice(0, ALLOCATION_FRAMES).some((frame) => frame.includes('mq_native.node'));
}
