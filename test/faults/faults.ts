import { alarmsKilled } from './alarms-killed.js';
import { bridgeIn, bridgeInShared } from './bridge-in.js';
import { bridgeOut, bridgeOutAway } from './bridge-out.js';
import { bridgeSlots } from './bridge-slots.js';
import { clientKilled } from './client-killed.js';
import { clockSet } from './clock-set.js';
import { consumersKilled } from './consumers-killed.js';
import { crowd, inFlight } from './crowd.js';
import { backupDiskFull, logDiskFull } from './disk-full.js';
import { everyServer } from './every-server.js';
import type { Fault } from './fault.js';
import { hostileBodies } from './hostile-bodies.js';
import { natsAlarms } from './nats-alarms.js';
import { natsServers } from './nats-servers.js';
import { modeTakenAway, queueFullByBytes, queueFullByCount, queueRemoved } from './queue-meddling.js';
import { race } from './race.js';
import { realTables } from './real-tables.js';
import { serverKilled } from './server-killed.js';
import { soak } from './soak.js';
import { staleTables } from './stale-tables.js';
import { signalled, stopped, stoppedForLong } from './stopped.js';
import { unread } from './unread.js';

export const faults: readonly Fault[] = [
  serverKilled,
  clientKilled,
  consumersKilled,
  queueRemoved,
  queueFullByBytes,
  queueFullByCount,
  modeTakenAway,
  stopped,
  stoppedForLong,
  unread,
  signalled,
  clockSet,
  alarmsKilled,
  logDiskFull,
  backupDiskFull,
  crowd,
  inFlight,
  soak,
  hostileBodies,
  race,
  everyServer,
  natsServers,
  natsAlarms,
  staleTables,
  realTables,
  bridgeOut,
  bridgeOutAway,
  bridgeIn,
  bridgeInShared,
  bridgeSlots,
];
