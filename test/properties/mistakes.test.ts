// Tests the properties themselves: they have to detect each of these mistakes.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import * as fc from 'fast-check';
import { failure, USUAL_RUNS } from './outcome.js';
import { nothingLost } from './nothing-lost.js';
import { sameAsModel } from './same-as-model.js';
import { Subject } from './subject.js';
import { wrongBindings } from './wrong-bindings.js';
import { wrongModels } from './wrong-models.js';

/** As many runs as in queue.test.ts. The seed is fixed, so that a mistake is detected always or never. */
const parameters = { seed: 1, numRuns: USUAL_RUNS };

async function assertFound<Values>(t: TestContext, property: fc.IAsyncProperty<Values>): Promise<string> {
  const details = await fc.check(property, parameters);
  const what = failure(details);
  t.diagnostic(what ?? 'nothing was found');
  assert.ok(what !== undefined, `nothing was found in ${details.numRuns} runs`);
  return what;
}

for (const [mistake, Model] of Object.entries(wrongModels)) {
  test(`the property detects a model that ${mistake}`, async (t) => {
    if (mistake === 'knows no largest message' && MessageQueue.limits().maxMessageBytes > 65_536) {
      t.skip('kernel.msgmax allows messages larger than any that is tried');
      return;
    }
    await assertFound(t, sameAsModel(await Subject.make(t), Model));
  });
}

for (const [mistake, begin] of Object.entries(wrongBindings)) {
  test(`the model detects a binding that ${mistake}`, async (t) => {
    const what = await assertFound(t, sameAsModel(await Subject.make(t), undefined, begin));
    assert.match(what, /by the model:/);
  });

  test(`two concurrent processes detect a binding that ${mistake}`, async (t) => {
    const what = await assertFound(t, nothingLost(await Subject.make(t), begin));
    assert.match(what, /lost|doubled|out of order|though its send failed/);
  });
}
