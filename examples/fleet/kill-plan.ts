import type { Host } from './host.js';
import type { NatsServer } from './nats-server.js';

/** Kills each bridge several times, evenly over the messages of its host, and NATS once in the middle. */
export class KillPlan {
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #messages: number;
  readonly #kills: number;
  readonly #server: NatsServer;
  readonly #ordered = new Map<string, number>();
  #arrived = 0;
  #restart: Promise<void> | undefined;

  /** @param messages of each host @param kills of each bridge */
  constructor(hosts: readonly Host[], messages: number, kills: number, server: NatsServer) {
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#messages = messages;
    this.#kills = kills;
    this.#server = server;
  }

  /** A message of a host has arrived. @param count of this host by now */
  arrived(name: string, count: number): void {
    this.#arrived += 1;
    if (this.#restart === undefined && this.#arrived * 2 >= this.#total) {
      this.#tell('NATS is killed');
      this.#restart = this.#server.killAndRestart();
    }
    const host = this.#hosts.get(name);
    const ordered = this.#ordered.get(name) ?? 0;
    if (host === undefined || ordered === this.#kills) return;
    if (count * (this.#kills + 1) < this.#messages * (ordered + 1)) return;
    this.#tell(`the bridge of ${name} is killed`);
    this.#ordered.set(name, ordered + 1);
    host.killBridge();
    if (ordered + 1 === this.#kills) host.finish();
  }

  /** Once NATS runs again. */
  async done(): Promise<void> {
    await this.#restart;
  }

  get #total(): number {
    return this.#messages * this.#hosts.size;
  }

  #tell(what: string): void {
    console.log(`${this.#arrived} of ${this.#total} messages have arrived; ${what}`);
  }
}
