import { testCommands } from './scene.js';

testCommands(
  'queues',
  `
each show 0x80; each show 0x80 --json; each peek 0x80; each peek 0x80 --json; each peek 0x80 --format json
each receive 0x80 --type 5 --no-wait; each wait 0x80; each wait 0x80 --json; each watch --count 1 --json
each set 0x80 --json; each set 0x80 --owner 5; each set 0x80 --owner "$hostile"; each set 0x80 --owner "no$hostile"; each list --owner "$hostile" --json; each show "$hostile"`,
);
