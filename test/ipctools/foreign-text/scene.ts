import assert from 'node:assert/strict';
import test from 'node:test';
import { temporaryFolder } from '../../helpers/folder.js';
import { playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

/** An escape sequence, a C1 control and an override of the direction; in names of users, groups, processes, and in bodies. */
export const HOSTILE = 'ev\u001b[2J\u009b\u202eil';

// oxlint-disable-next-line no-control-regex
export const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Every user and process has a hostile name; a queue whose sender lives and has one, and whose message has one; and its copies. */
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

/** A test that plays the scene and then commands, `each` one, none of whose output may act on the terminal. */
export function testCommands(group: string, commands: string): void {
  const title = `no output of ipctools lets text of strangers act on the terminal: ${group}`;
  test(title, { skip: skipWithoutWorlds() }, async (t) => {
    const env = { XDG_STATE_HOME: `${temporaryFolder(t)}/${HOSTILE}` };
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
