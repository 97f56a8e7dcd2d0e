import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FailedTest } from './failures-reporter.js';

/** The result of a test run. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly by: FailedTest }
  /** One test timed out, and no other test failed. */
  | { readonly kind: 'hung' }
  /** The tests did not run at all. */
  | { readonly kind: 'broken'; readonly why: string };

/** This variable identifies processes that outlive the test that started them. */
const MARK = 'TIMEQ_MUTANTS_RUN';

/** How long a test's helpers wait for an event that should happen at once, in seconds; a busy machine needs this long. */
export const PATIENCE_SECONDS = Number(process.env['TIMEQ_TEST_PATIENCE'] ?? 20);

/**
 * Runs the tests of a checkout that these words select, until the first one fails. They get a new IPC namespace
 * if possible, so that the objects of killed tests are removed with it.
 */
export async function runTests(
  folder: string,
  words: readonly string[],
  deadlineSeconds: number,
): Promise<Verdict> {
  const mark = randomUUID();
  // With this variable set, a test runner inside a test would run nothing.
  const { NODE_TEST_CONTEXT: _context, ...environment } = process.env;
  const reporter = new URL('./failures-reporter.js', import.meta.url).href;
  const runner = [join(folder, 'scripts', 'test.js'), ...words, `--test-reporter=${reporter}`];
  const [command = '', ...commandArguments] = [...ownNamespace(), process.execPath, ...runner];
  const child = spawn(command, commandArguments, {
    cwd: folder,
    // A new process group, so that the runner and its children can be killed together.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, [MARK]: mark, TIMEQ_TEST_PATIENCE: String(PATIENCE_SECONDS) },
  });
  const endAll = (): void => {
    killGroup(child.pid);
    killMarked(mark);
  };
  process.once('exit', endAll);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  let hung = false;
  let failed: FailedTest | undefined;
  const timer = setTimeout(() => {
    hung = true;
    killGroup(child.pid);
  }, deadlineSeconds * 1000);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const test = parse(line);
    if (test === undefined || failed !== undefined) return;
    if (test.hung) hung = true;
    else failed = test;
    // A hanging test may keep its file from ending.
    killGroup(child.pid);
  });
  const code = await new Promise<number | null>((resolve) => {
    // Not "close": a process left behind may keep the pipes open.
    child.on('exit', resolve).on('error', (error) => {
      complaint += error.message;
      resolve(null);
    });
  });
  clearTimeout(timer);
  process.off('exit', endAll);
  endAll();
  if (failed !== undefined) return { kind: 'failed', by: failed };
  if (hung) return { kind: 'hung' };
  return code === 0 ? { kind: 'passed' } : { kind: 'broken', why: complaint.trim() || `exit code ${code}` };
}

let namespace: readonly string[] | undefined;

function ownNamespace(): readonly string[] {
  if (namespace === undefined) {
    const unshare = ['--ipc', ...(process.getuid?.() === 0 ? [] : ['--map-current-user']), '--'];
    const works = spawnSync('unshare', [...unshare, 'true'], { stdio: 'ignore' }).status === 0;
    namespace = works ? ['unshare', ...unshare] : [];
  }
  return namespace;
}

function parse(line: string): FailedTest | undefined {
  try {
    return JSON.parse(line) as FailedTest;
  } catch {
    // A test wrote to standard output.
    return undefined;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All processes of the group have ended.
  }
}

/** Processes that left the group. Linux only. */
function killMarked(mark: string): void {
  for (const pid of processes()) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (environment.includes(`${MARK}=${mark}`)) process.kill(pid, 'SIGKILL');
    } catch {
      // The process has ended, or it belongs to another user.
    }
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid);
  } catch {
    return [];
  }
}
