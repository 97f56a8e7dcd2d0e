import { alarms } from './modules/alarms.js';
import { attempts } from './modules/attempts.js';
import { bodies } from './modules/bodies.js';
import { claim } from './modules/claim.js';
import { cleaning } from './modules/cleaning.js';
import { copies } from './modules/copies.js';
import { dates } from './modules/dates.js';
import { dropIns } from './modules/drop-ins.js';
import { escape } from './modules/escape.js';
import { evidence } from './modules/evidence.js';
import { exchange } from './modules/exchange.js';
import { filters } from './modules/filters.js';
import { liveness } from './modules/liveness.js';
import { loading } from './modules/loading.js';
import { locks } from './modules/locks.js';
import { memory } from './modules/memory.js';
import { moving } from './modules/moving.js';
import { page } from './modules/page.js';
import { places } from './modules/places.js';
import { posix } from './modules/posix.js';
import { replies } from './modules/replies.js';
import { metrics } from './modules/metrics.js';
import { slots } from './modules/slots.js';
import { sync } from './modules/sync.js';
import { tools } from './modules/tools.js';
import { undo } from './modules/undo.js';
import { values } from './modules/values.js';
import { waiting } from './modules/waiting.js';
import type { GuardedModule } from './mutation.js';

/** The modules that guard a promise of the project. */
export const modules: readonly GuardedModule[] = [
  copies,
  claim,
  evidence,
  cleaning,
  filters,
  escape,
  metrics,
  tools,
  moving,
  page,
  places,
  posix,
  dropIns,
  waiting,
  bodies,
  memory,
  loading,
  undo,
  locks,
  liveness,
  replies,
  exchange,
  attempts,
  alarms,
  sync,
  dates,
  values,
  slots,
];
