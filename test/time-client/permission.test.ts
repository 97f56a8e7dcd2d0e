import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { run } from '../helpers/process.js';
import { trackQueue } from '../helpers/tracking.js';
import { skipUnlessPowerless, withoutPower } from '../helpers/users.js';
import { commandOf } from './support.js';

const skip = skipUnlessPowerless();

for (const [mode, what] of [
  [0o000, 'neither read nor write'],
  [0o200, 'write but not read'],
  [0o400, 'read but not write'],
] as const) {
  for (const verb of ['now', 'stop', 'status', 'watch', 'measure', 'wait']) {
    test(`${verb} on a queue that it may ${what} says what to do, with exit code 5`, { skip }, async (t) => {
      const key = freshKey(t);
      const queue = trackQueue(t, MessageQueue.create(key, { mode }));
      const words = [...withoutPower, process.execPath, ...commandOf(key, [verb])];
      const { code, stdout, stderr } = await run(t, 'env', words);
      assert.deepEqual([code, stdout], [5, '']);
      assert.match(
        stderr,
        new RegExp(
          `^time-client: not permitted .*owner uid \\d+, mode 0${mode.toString(8).padStart(3, '0')}.*--mode.*\\n$`,
        ),
      );
      assert.equal(queueAt(key)?.['qnum'], 0, 'something was sent');
      queue.close();
    });
  }
}
