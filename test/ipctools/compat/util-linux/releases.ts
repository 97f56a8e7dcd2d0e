import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { root } from '../../../helpers/node.js';
import type { Command, Outcome, Program } from './scenes.js';

/** A release of util-linux that can be compared with. */
export interface Release {
  /** 241 for 2.41.5: within one series they write the same. */
  readonly version: number;
  /** What runs one of its programs. */
  readonly command: (program: Program) => readonly string[];
}

/** Where scripts/other-util-linux unpacks the programs of other Debian releases. */
const folder = `${root}build/util-linux`;

/** The programs of this machine, and those beside them, with the loader and the C library of their own Debian release. */
function commands(): Release['command'][] {
  const others = existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : [];
  return [
    (program) => [program],
    ...others.map((other): Release['command'] => {
      const loader = readdirSync(other).find((name) => name.startsWith('ld-linux')) ?? '';
      return (program) => [
        `${other}/${loader}`,
        '--argv0',
        program,
        '--library-path',
        other,
        `${other}/${program}`,
      ];
    }),
  ];
}

function versionOf([command = '', ...words]: readonly string[]): number {
  const { stdout } = spawnSync(command, [...words, '--version'], { encoding: 'utf8' });
  const [, major, minor] = /util-linux (\d+)\.(\d+)/.exec(stdout ?? '') ?? [];
  return Number(major) * 100 + Number(minor);
}

/** The oldest release that the drop-ins stand in for. */
const OLDEST = 238;

/** The first with options for POSIX objects. The help of the drop-ins is its own. */
export const KNOWS_POSIX = 241;

/** Every release that is here and not older than what the drop-ins stand in for, each once. */
export const releases: readonly Release[] = commands()
  .map((command) => ({ command, version: versionOf(command('ipcs')) }))
  .filter(
    ({ version }, index, all) =>
      version >= OLDEST && all.findIndex((other) => other.version === version) === index,
  );

const ITS_HELP = {
  why: 'the help names the options of its own, and is laid out anew',
  concerns: (_: Command, { stdout }: Outcome) => stdout.startsWith('\nUsage:\n'),
  same: (our: Outcome, their: Outcome) => ({ ...their, stdout: our.stdout }),
};

/** What a release does otherwise than the one that the drop-ins stand in for, and how it is made the same or passed over. */
const CHANGES: readonly {
  readonly since: number;
  /** The first release that no longer does. */
  readonly until?: number;
  readonly why: string;
  readonly concerns: (command: Command, outcome: Outcome) => boolean;
  readonly same: (our: Outcome, their: Outcome) => Outcome;
}[] = [
  {
    since: OLDEST,
    why: 'the version is its own',
    concerns: (_, { stdout }) => /^\w+ from util-linux /.test(stdout),
    same: (_, their) => ({ ...their, stdout: their.stdout.replace(/[\d.]+$/m, '2.41') }),
  },
  {
    since: OLDEST,
    until: KNOWS_POSIX,
    ...ITS_HELP,
  },
  {
    since: KNOWS_POSIX + 1,
    ...ITS_HELP,
  },
  {
    since: OLDEST,
    until: KNOWS_POSIX,
    why: 'lsipc calls the limits otherwise, and counts semaphores wrongly',
    concerns: ({ line }, { code }) => code === 0 && line[0] === 'lsipc' && line.includes('-g'),
    same: (our) => our,
  },
  {
    since: OLDEST,
    until: KNOWS_POSIX,
    why: 'columns of lsipc are as wide as their headings, without headings as well',
    concerns: ({ line }) => line[0] === 'lsipc' && line.includes('--noheadings'),
    same: (our, their) => (squeezed(our) === squeezed(their) ? our : their),
  },
  {
    since: OLDEST,
    until: KNOWS_POSIX,
    why: 'it has no options for POSIX objects, so its messages do not list them',
    concerns: ({ line }, { code }) => code !== 0 && line[0] === 'lsipc',
    same: (our, their) =>
      our.stderr.replace(/,? (--|'--)(name|posix-\w+)'?/g, '') === their.stderr
        ? { ...their, stderr: our.stderr }
        : their,
  },
  {
    since: KNOWS_POSIX,
    why: 'ipcrm -a looks for POSIX queues, too, and says where it can see none',
    concerns: (_, { stderr }) => stderr.includes('/dev/mqueue'),
    same: (_, their) => ({ ...their, stderr: their.stderr.replace(/^ipcrm: \/dev\/mqueue .*\n/m, '') }),
  },
  {
    since: OLDEST,
    until: KNOWS_POSIX,
    why: 'a short option takes no optional value behind an equals sign',
    concerns: ({ line }) => line.join(' ') === 'ipcrm -a=msg',
    same: (our) => our,
  },
];

function squeezed({ stdout }: Outcome): string {
  return stdout.replace(/ +/g, ' ');
}

/** What a release did with a command, as far as it is to be the same as ours. */
export function comparable(command: Command, our: Outcome, their: Outcome, { version }: Release): Outcome {
  return CHANGES.filter(({ since, until = Infinity }) => since <= version && version < until).reduce(
    (outcome, { concerns, same }) => (concerns(command, outcome) ? same(our, outcome) : outcome),
    their,
  );
}
