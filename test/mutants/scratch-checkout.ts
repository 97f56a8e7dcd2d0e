import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { mutate, type Task } from './mutation.js';

const leftOut = new Set(['.git', 'node_modules', 'prebuilds']);
const nativePackage = join('packages', 'mq-native');
/** For the addon: without optimisation it compiles three times as fast. */
const quickly = { CFLAGS: '-O0 -g0 -U_FORTIFY_SOURCE' };

/** An applied mutation. */
interface Applied {
  /** Why the tests can't run with it; undefined if they can. */
  readonly failure: string | undefined;
  readonly takeBack: () => void;
}

/**
 * A built copy of the checkout in which to apply mutations: the working tree is never changed. Only the
 * mutated file is compiled again, without a type check.
 */
export class ScratchCheckout {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'timeq-mutants-')));

  constructor(root: string) {
    // Some tests act as another user.
    chmodSync(this.folder, 0o755);
    cpSync(root, this.folder, {
      recursive: true,
      filter: (path) => path === root || !leftOut.has(basename(path)),
    });
    this.#linkDependencies(root);
  }

  apply(task: Task): Applied {
    // No bundle contains the addon.
    if (task.file.endsWith('.c')) return this.#applyToAddon(task);
    const applied = this.#applyToScript(task);
    return task.runsCommands && applied.failure === undefined ? this.#bundle(task, applied) : applied;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #applyToScript(task: Task): Applied {
    const source = join(this.folder, task.file);
    const { home, sources } = homeOf(task.file);
    const path = task.file.slice(sources.length + 1).replace(/\.ts$/, '.js');
    const compiled = join(this.folder, home, 'dist', path);
    const [text, javascript] = [readFileSync(source, 'utf8'), readFileSync(compiled)];
    writeFileSync(source, mutate(text, task));
    const settings = {
      extends: './tsconfig.base.json',
      files: [task.file],
      compilerOptions: {
        ...{ rootDir: sources, outDir: `${home}/dist`, noCheck: true, noResolve: true },
        ...{ composite: false, declaration: false, declarationMap: false },
      },
    };
    writeFileSync(join(this.folder, 'tsconfig.mistake.json'), JSON.stringify(settings));
    return {
      failure: this.#run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.mistake.json'),
      takeBack: () => {
        writeFileSync(source, text);
        writeFileSync(compiled, javascript);
      },
    };
  }

  #applyToAddon(task: Task): Applied {
    const source = join(this.folder, task.file);
    const original = readFileSync(source, 'utf8');
    const addon = join(this.folder, nativePackage, 'build', 'mq_native.node');
    writeFileSync(source, mutate(original, task));
    renameSync(addon, `${addon}.original`);
    return {
      failure: this.#run(join(nativePackage, 'scripts', 'build-native.js')),
      takeBack: () => {
        renameSync(`${addon}.original`, addon);
        writeFileSync(source, original);
      },
    };
  }

  /** Bundles the commands that contain the mutation, and keeps the others. */
  #bundle({ file }: Task, applied: Applied): Applied {
    const names = commandsWith(this.folder, homeOf(file).home);
    if (names.length === 0) return applied;
    const outputs = names.map((name) => join(this.folder, 'packages', name, 'build'));
    for (const output of outputs) renameSync(output, `${output}.original`);
    return {
      failure: this.#run(join('scripts', 'bundle.js'), ...names),
      takeBack: () => {
        applied.takeBack();
        for (const output of outputs) {
          rmSync(output, { recursive: true, force: true });
          renameSync(`${output}.original`, output);
        }
      },
    };
  }

  /** Runs a script. @returns its output if it failed */
  #run(...words: string[]): string | undefined {
    const env = { ...process.env, ...quickly };
    const options = { cwd: this.folder, encoding: 'utf8', env } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, words, options);
    return status === 0 ? undefined : stdout + stderr;
  }

  /** Links the copies of the project's own packages; all others are shared. */
  #linkDependencies(root: string): void {
    const source = join(root, 'node_modules');
    const target = join(this.folder, 'node_modules');
    mkdirSync(join(target, '@timeq'), { recursive: true });
    for (const name of readdirSync(source)) {
      if (name === '.cache' || name === '@timeq') continue;
      symlinkSync(join(source, name), join(target, name));
    }
    const own = join(source, '@timeq');
    for (const name of existsSync(own) ? readdirSync(own) : []) {
      symlinkSync(join(this.folder, 'packages', name), join(target, '@timeq', name));
    }
  }
}

/** The packages whose commands are bundled with this one. */
function commandsWith(folder: string, home: string): string[] {
  const packages = join(folder, 'packages');
  const contains = (name: string): boolean => {
    if (join('packages', name) === home) return true;
    const text = readFileSync(join(packages, name, 'package.json'), 'utf8');
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Manifest;
    const own = Object.keys({ ...dependencies, ...devDependencies }).filter((word) =>
      word.startsWith('@timeq/'),
    );
    return own.some((word) => contains(word.slice('@timeq/'.length)));
  };
  return readdirSync(packages).filter(
    (name) => existsSync(join(packages, name, 'build', 'main.cjs')) && contains(name),
  );
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The package and the source folder of a file: packages have their sources in `src`, the examples do not. */
function homeOf(file: string): { readonly home: string; readonly sources: string } {
  const end = file.indexOf('/src/');
  if (end === -1) return { home: 'examples', sources: 'examples' };
  return { home: file.slice(0, end), sources: file.slice(0, end + '/src'.length) };
}
