import { testCommands } from './scene.js';

testCommands(
  'copies',
  `
each dump 0x80; each dump 0x80 -o "$names/$hostile"; each restore "$names/$hostile" --dry-run
each restore "$names/none$hostile"; each restore "$names/$hostile" --new-key 0x99 --json
each ftok "$names/$hostile" --json; each ftok "no$hostile"; each "$hostile"; each list "--$hostile"`,
);
