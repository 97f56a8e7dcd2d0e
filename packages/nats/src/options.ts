import { NatsError, type NatsErrorCode } from './nats-error.js';

/** One option of a command line, as the commands declare theirs. */
export interface ConnectionOptionRow {
  /** As commander has it: `-s, --server <url>`. */
  readonly flags: string;
  readonly help: string;
  readonly completes?: 'file';
  /** An empty value means something. */
  readonly mayBeEmpty?: true;
}

/** The options by which every command connects to NATS. They are called as those of the `nats` command. */
export const CONNECTION_OPTIONS: readonly ConnectionOptionRow[] = [
  {
    flags: '-s, --server <url>',
    help: 'URL of the NATS server; several are separated by commas (NATS_URL; default: nats://127.0.0.1:4222)',
  },
  { flags: '--user <user>', help: 'user, or without a password the token (NATS_USER)' },
  {
    flags: '--password <password>',
    mayBeEmpty: true,
    help: 'password; every user sees it in ps, so prefer NATS_PASSWORD or a context',
  },
  {
    flags: '--creds <file>',
    help: 'credentials file, with a JWT and a seed (NATS_CREDS)',
    completes: 'file',
  },
  { flags: '--nkey <file>', help: 'file with the seed of an NKey (NATS_NKEY)', completes: 'file' },
  { flags: '--tlscert <file>', help: "this client's certificate (NATS_CERT)", completes: 'file' },
  { flags: '--tlskey <file>', help: 'its private key (NATS_KEY)', completes: 'file' },
  { flags: '--tlsca <file>', help: 'certificate authority to trust (NATS_CA)', completes: 'file' },
  {
    flags: '--context <name>',
    help: "context of the nats command (NATS_CONTEXT; default: the one that 'nats context select' chose)",
  },
];

/** The first of these options that a command line has, under commander's names, as it is typed: `--server`. */
export function givenConnectionOption(options: object): string | undefined {
  const flags = CONNECTION_OPTIONS.map((row) => /--(\w+)/.exec(row.flags)?.[1] ?? '');
  const given = flags.find((name) => (options as Readonly<Record<string, unknown>>)[name] !== undefined);
  return given && `--${given}`;
}

/** What a command ends with, by the code of a NatsError. */
export const EXIT_OF_NATS_ERROR: Readonly<Record<NatsErrorCode, number>> = {
  FAILED: 1,
  WRONG_SETTING: 2,
  NO_SERVER: 3,
  TIMED_OUT: 4,
  NOT_PERMITTED: 5,
};

/** What a command ends with after an error; undefined for one that is not of NATS. */
export function exitCodeOfNatsError(error: unknown): number | undefined {
  return error instanceof NatsError ? EXIT_OF_NATS_ERROR[error.code] : undefined;
}
