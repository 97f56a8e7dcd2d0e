import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { untilEnded } from '../parts/child.js';
import { Failure } from '../parts/program.js';
import { FINISH, KILL, type Report } from './messages.js';
import type { Sender } from './senders.js';

interface HostOptions {
  readonly messages: number;
  /** Of NATS. */
  readonly url: string;
  readonly folder: string;
}

/** A "machine": a process in an IPC namespace of its own. The kernel removes the namespace, and all in it, after its last process. */
export class Host {
  readonly name: string;
  readonly language: string;
  /** Once its queue is empty and its bridge holds no message. */
  readonly ended: Promise<void>;
  sent = 0;
  kills = 0;
  readonly #child: ChildProcess;

  constructor(name: string, { language, command, file }: Sender, { messages, url, folder }: HostOptions) {
    this.name = name;
    this.language = language;
    const [unshare = '', ...options] = ipcNamespace();
    const program = fileURLToPath(new URL('./host-main.js', import.meta.url));
    const words = [program, name, url, command, file, String(messages)];
    const child = spawn(unshare, [...options, '--', process.execPath, ...words], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Ctrl-C on the terminal reaches only the parent, which then ends all others: a sender that ends first is a failure.
      detached: true,
      env: { ...withoutNats(process.env), XDG_CONFIG_HOME: folder },
    });
    process.on('exit', () => child.kill());
    child.on('message', (report: Report) => {
      if (report.kind === 'sent') this.sent = report.messages;
      if (report.kind === 'killed') this.kills += 1;
    });
    this.#child = child;
    this.ended = this.#untilEnded();
  }

  killBridge(): void {
    this.#tell(KILL);
  }

  /** Lets it end once its queue is empty, and its bridge holds no message. */
  finish(): void {
    this.#tell(FINISH);
  }

  async #untilEnded(): Promise<void> {
    await untilEnded(this.#child);
    if (this.#child.exitCode !== 0) throw new Failure(`The host ${this.name} ended early.`);
  }

  #tell(what: string): void {
    if (this.#child.connected) this.#child.send(what);
  }
}

/** unshare(1): directly if this user may, otherwise as root of a new user namespace. @throws Failure if neither works */
function ipcNamespace(): string[] {
  const ways = [
    ['unshare', '--ipc'],
    ['unshare', '--map-root-user', '--ipc'],
  ];
  const way = ways.find(
    ([command = '', ...options]) => spawnSync(command, [...options, '--', 'true']).status === 0,
  );
  if (way !== undefined) return way;
  throw new Failure('This example needs IPC namespaces, which can not be made here (unshare --ipc).');
}

function withoutNats(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('NATS_')));
}
