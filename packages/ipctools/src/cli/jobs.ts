import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { note } from '@timeq/cli-kit/output/notes';
import type { Interruption } from '@timeq/cli-kit/signals/interruption';
import { formatKey, type Message, type MessageQueue } from '@timeq/mq-native';
import { formatCount } from '../format/count.js';
import { returnMessage } from './return-message.js';

/** Milliseconds in which the place of a failed job stays empty: its message would come again at once. */
const PAUSE_AFTER_FAILURE = 1000;

interface JobPlan {
  /** For the shell. */
  readonly command: string;
  /** How many may run at a time. */
  readonly jobs: number;
  /** The queue that the messages come from, which gets those of failed jobs if `failed` doesn't. */
  readonly queue: MessageQueue;
  /** The queue for messages of failed jobs. */
  readonly failed: MessageQueue | undefined;
}

/**
 * Runs a command for each message, with the body on its standard input. Each has a session of its own, so that the terminal's
 * Ctrl-C doesn't reach it.
 */
export class Jobs {
  readonly #plan: JobPlan;
  readonly #interruption: Interruption;
  readonly #children = new Set<ChildProcess>();
  readonly #places = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  #failures = 0;

  constructor(plan: JobPlan, interruption: Interruption) {
    this.#plan = plan;
    this.#interruption = interruption;
    interruption.signal.addEventListener('abort', () => {
      const count = this.#children.size;
      if (count > 0)
        note(
          `ipctools: waiting for ${formatCount(count, 'command')}; Ctrl-C again ends ${count === 1 ? 'it' : 'them'}`,
        );
    });
    interruption.second.addEventListener('abort', () => {
      for (const child of this.#children) endGroup(child);
    });
  }

  /** How many commands have failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Starts a job, and resolves when there is a place for the next one, or when none is wanted. */
  async deliver(message: Message): Promise<void> {
    const place = this.#run(message).finally(() => this.#places.delete(place));
    this.#places.add(place);
    const { signal } = this.#interruption;
    while (this.#places.size >= this.#plan.jobs && !signal.aborted)
      await Promise.race([...this.#places, aborted(signal)]);
  }

  /** Resolves when every job has ended. */
  async end(): Promise<void> {
    this.#ending.abort();
    while (this.#places.size > 0) await Promise.race(this.#places);
  }

  async #run(message: Message): Promise<void> {
    const { queue, failed } = this.#plan;
    const why = await this.#fault(message);
    if (why === undefined) return;
    this.#failures += 1;
    returnMessage(failed === undefined ? [queue] : [failed, queue], message, why);
    const signal = AbortSignal.any([this.#interruption.signal, this.#ending.signal]);
    if (failed === undefined) await delay(PAUSE_AFTER_FAILURE, undefined, { signal }).catch(() => undefined);
  }

  /** Runs the command to its end. @returns why it failed */
  #fault({ type, body }: Message): Promise<string | undefined> {
    const { command, queue } = this.#plan;
    const name = queue.key ? formatKey(queue.key) : String(queue.id);
    const env = {
      ...process.env,
      TIMEQ_TYPE: String(type),
      TIMEQ_QUEUE: name,
      TIMEQ_LENGTH: String(body.length),
    };
    let child: ChildProcess;
    try {
      const input = fileWith(body);
      try {
        child = spawn('/bin/sh', ['-c', command], {
          env,
          detached: true,
          stdio: [input, 'inherit', 'inherit'],
        });
      } finally {
        closeSync(input);
      }
    } catch (error) {
      return Promise.resolve(`the command could not be started: ${(error as Error).message}`);
    }
    this.#children.add(child);
    return new Promise((resolve) => {
      const finish = (why: string | undefined): void => {
        this.#children.delete(child);
        resolve(why);
      };
      child.on('error', (error) => finish(`the command could not be started: ${error.message}`));
      child.on('exit', (code, signal) => {
        if (code === 0) finish(undefined);
        else
          finish(
            `the command ${signal === null ? `failed with exit code ${code}` : `was ended by ${signal}`}`,
          );
      });
    });
  }
}

/**
 * A file without a name that has this content. Through a pipe, a command would take a part of a body for the whole if this program
 * is killed meanwhile.
 */
function fileWith(content: Uint8Array): number {
  const path = join(tmpdir(), `ipctools-${process.pid}-${randomUUID()}`);
  writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
  try {
    return openSync(path, 'r');
  } finally {
    rmSync(path);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Ends the command with what it has started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}
