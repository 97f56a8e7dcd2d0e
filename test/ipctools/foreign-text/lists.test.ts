import { testCommands } from './scene.js';

testCommands(
  'lists',
  `
each list all --columns all; each list all --columns all --raw; each list all --json; each overview; each overview --json
each limits; each list all --namespace all; each list all --namespace all --json; each backups; each backups --json`,
);
