// Runs before anything is installed. Only syntax that old Nodes can parse, so that they reach the sentence below.
var wanted = '20.19.0';
var found = process.versions.node;
var wantedParts = wanted.split('.').map(Number);
var foundParts = found.split('.').map(Number);

if (foundParts[0] < wantedParts[0] || (foundParts[0] === wantedParts[0] && foundParts[1] < wantedParts[1])) {
  console.error(
    'Timeq needs Node.js ' +
      wanted +
      ' or newer and this is ' +
      found +
      ': install one from https://nodejs.org',
  );
  process.exitCode = 1;
} else {
  void import('./setup/main.js');
}
