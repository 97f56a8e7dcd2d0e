import assert from 'node:assert/strict';
import test from 'node:test';
import { playScene, sceneOnTerminal, skipWithoutTerminals, skipWithoutWorlds } from './support.js';
import { scratchFolder, tools } from './world.js';

const skip = skipWithoutWorlds();

/** An escape sequence, a C1 control and an override of the direction; in names of users, groups, processes, and in bodies. */
const HOSTILE = 'ev\u001b[2J\u009b\u202eil';

// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Everybody has a hostile name; a queue whose sender lives and has one, and whose message has one; and its copies. */
const scene = `${tools}
hostile=$'ev\\e[2J\\xc2\\x9b\\xe2\\x80\\xaeil'
names=$(mktemp -d)
printf '%s:x:%s:%s::/:/bin/sh\\n' "$hostile" "$(id -u)" "$(id -g)" >"$names/passwd"
printf '%s:x:%s:\\n' "$hostile" "$(id -g)" >"$names/group"
mount --bind "$names/passwd" /etc/passwd; mount --bind "$names/group" /etc/group
ipctools create --key 0x80 >/dev/null; ipcmk -M 4096 >/dev/null; ipcmk -S 2 >/dev/null
background '
  import { MessageQueue } from "@timeq/mq-native";
  process.title = process.argv[1];
  const queue = MessageQueue.open(0x80);
  queue.sendSync(1, process.argv[1]);
  console.log("sent");
  await queue.receive({ type: 77 });' "$hostile"
blocked 0 1
each() { echo "== $*"; ipctools "$@" </dev/null 2>&1; }
`;

/** In groups, each of which a busy machine plays in time. */
const GROUPS: Readonly<Record<string, string>> = {
  lists: `
each list all --columns all; each list all --columns all --raw; each list all --json; each overview; each overview --json
each limits; each list all --namespace all; each list all --namespace all --json; each backups; each backups --json`,
  queues: `
each show 0x80; each show 0x80 --json; each peek 0x80; each peek 0x80 --json; each peek 0x80 --format json
each receive 0x80 --type 5 --no-wait; each wait 0x80; each wait 0x80 --json; each watch --count 1 --json
each set 0x80 --json; each set 0x80 --owner 5; each set 0x80 --owner "$hostile"; each set 0x80 --owner "no$hostile"; each list --owner "$hostile" --json; each show "$hostile"`,
  copies: `
each dump 0x80; each dump 0x80 -o "$names/$hostile"; each restore "$names/$hostile" --dry-run
each restore "$names/none$hostile"; each restore "$names/$hostile" --new-key 0x99 --json
each ftok "$names/$hostile" --json; each ftok "no$hostile"; each "$hostile"; each list "--$hostile"`,
  removals: `
each stale all --older-than 0; each stale all --older-than 0 --json; each remove 0x80 -m 0 -s 0 --dry-run
each remove 0x80 --dry-run --json; each clean --older-than 0 --dry-run; each clean --older-than 0 --dry-run --json
each ipcrm -q "$hostile"; each ipcrm msg "$hostile"`,
  'drop-ins and completions': `
each ipcs -a; each ipcs -c; each ipcs -p; each ipcs -t; each ipcs --wide; each ipcs -q -i 0; each ipcs --posix -a
each __complete set 0x80 --owner ''; each __complete list --owner ''`,
};

for (const [group, commands] of Object.entries(GROUPS)) {
  test(`no output of ipctools lets text of strangers act on the terminal: ${group}`, { skip }, async (t) => {
    const env = { XDG_STATE_HOME: `${scratchFolder(t)}/${HOSTILE}` };
    const { stdout, stderr } = await playScene(t, `${scene}${commands}\necho == end`, { env });
    assert.match(stdout, /== end\n$/, stderr);
    for (const part of `${stdout}${stderr}`.split(/^== /m)) {
      const [command = '', ...lines] = part.split('\n');
      const faulty = lines.find((line) => UNSAFE.test(line));
      assert.equal(faulty && JSON.stringify(faulty), undefined, `ipctools ${JSON.stringify(command)}`);
    }
    // The name is there, and was not merely left out.
    assert.ok(/ev\\(x1b|u001b)\[2J\\(x9b|u009b)\\u202eil/.test(stdout), stdout);
  });
}

test(
  'the command that brings a copy back works as it is printed, whatever the folder is called',
  { skip },
  async (t) => {
    const env = { XDG_STATE_HOME: `${scratchFolder(t)}/${HOSTILE} it's` };
    const script = `${tools} ipctools create --key 0x80 >/dev/null; ipctools send 0x80 one
said=$(ipctools remove 0x80 --yes); echo "$said"; eval "\${said##*to bring it back: }"; ipctools receive 0x80`;
    const { stdout, stderr } = await playScene(t, script, { env });
    assert.equal(stderr, '');
    assert.doesNotMatch(stdout.replaceAll('\n', ''), UNSAFE);
    assert.match(stdout, /\nrestored to queue 1; .*\none\n$/);
  },
);

const onTerminal = skipWithoutTerminals();

for (const env of [{ LC_ALL: 'C' }, { LC_ALL: 'C.UTF-8', TERM: 'dumb' }]) {
  const name = Object.entries(env).map((pair) => pair.join('='));
  test(`with ${name.join(' ')} ipctools prints ASCII only`, { skip: onTerminal }, async (t) => {
    const script = `${tools} stty rows 30
ipctools create --key 0x80 >/dev/null; ipctools send 0x80 "$(seq 1 99 | tr '\\n' ' ')"; ipcmk -M 5000 >/dev/null
ipctools; ipctools list; ipctools show 0x80; ipctools peek 0x80; ipctools limits; ipctools stale all --explain
ipctools rm 0x80 --dry-run; ipctools clean --older-than 0 --dry-run; ipctools watch --count 1; ipctools --help
for verb in list show clean watch; do ipctools $verb --help; done; echo end`;
    const { stdout } = await sceneOnTerminal(t, script, 60, env).exit();
    assert.match(stdout, /end\r?\n$/);
    assert.match(stdout, /0x00000080/);
    const faulty = stdout
      .replaceAll('\u001b', '')
      .split('\n')
      .find((line) => /[^\t\r\x20-\x7e]/.test(line));
    assert.equal(faulty, undefined);
  });
}
