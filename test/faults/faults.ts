import { clientKilled } from './client-killed.js';
import { crowd, inFlight } from './crowd.js';
import type { Fault } from './fault.js';
import { modeTakenAway, queueFullByBytes, queueFullByCount, queueRemoved } from './queue-meddling.js';
import { race } from './race.js';
import { serverKilled } from './server-killed.js';
import { signalled, stopped } from './stopped.js';

/** All of them. */
export const faults: readonly Fault[] = [
  serverKilled,
  clientKilled,
  queueRemoved,
  queueFullByBytes,
  queueFullByCount,
  modeTakenAway,
  stopped,
  signalled,
  crowd,
  inFlight,
  race,
];
