import { testCommands } from './scene.js';

testCommands(
  'removals',
  `
each stale all --older-than 0; each stale all --older-than 0 --json; each remove 0x80 -m 0 -s 0 --dry-run
each remove 0x80 --dry-run --json; each clean --older-than 0 --dry-run; each clean --older-than 0 --dry-run --json
ipctools create --key 0x81 >/dev/null; ipctools send 0x81 one; each clean --older-than 0 --assume-unseen-idle --yes --json
each ipcrm -q "$hostile"; each ipcrm msg "$hostile"`,
);
