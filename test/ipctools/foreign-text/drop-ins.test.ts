import { testCommands } from './scene.js';

testCommands(
  'drop-ins and completions',
  `
each ipcs -a; each ipcs -c; each ipcs -p; each ipcs -t; each ipcs --wide; each ipcs -q -i 0; each ipcs --posix -a
each __complete set 0x80 --owner ''; each __complete list --owner ''`,
);
