import type { ProcessSource } from '@timeq/mq-native';
import {
  listPosix,
  readQueueContents,
  readSemaphore,
  type PosixObject,
  type QueueContents,
  type SemaphoreContents,
} from './objects.js';
import { findPlaces, type Places } from './places.js';
import { findFileUsers, type FileUsers } from '../../processes/file-users.js';

/** POSIX objects with what is known of them; each part is read when it is first needed. */
export class PosixFacts {
  readonly #pid: number | undefined;
  readonly #source: ProcessSource;
  #places: Places | undefined;
  #objects: readonly PosixObject[] | undefined;
  #users: FileUsers | undefined;
  readonly #queues = new WeakMap<PosixObject, QueueContents | undefined>();
  readonly #semaphores = new WeakMap<PosixObject, SemaphoreContents | undefined>();

  /** @param pid a process whose mounts count; this process's own if not given */
  constructor(pid: number | undefined, source: ProcessSource) {
    this.#pid = pid;
    this.#source = source;
  }

  get places(): Places {
    return (this.#places ??= findPlaces(this.#pid));
  }

  get objects(): readonly PosixObject[] {
    return (this.#objects ??= listPosix(this.places));
  }

  get users(): FileUsers {
    return (this.#users ??= findFileUsers(this.objects, this.#source));
  }

  /** What a queue holds; undefined without permission, and for other objects. */
  queueOf(object: PosixObject): QueueContents | undefined {
    if (!this.#queues.has(object)) this.#queues.set(object, readQueueContents(object));
    return this.#queues.get(object);
  }

  /** The value of a semaphore; undefined if it can't be read, and for other objects. */
  semaphoreOf(object: PosixObject): SemaphoreContents | undefined {
    if (!this.#semaphores.has(object)) this.#semaphores.set(object, readSemaphore(object));
    return this.#semaphores.get(object);
  }
}
