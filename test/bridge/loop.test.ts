import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runningBridge, scene, skipWithoutBridge, startBridge, stopBridge } from './support.js';

const skip = skipWithoutBridge();

test('bridges in opposite directions on one queue and the same subjects are refused', { skip }, async (t) => {
  const here = await scene(t);
  const out = await runningBridge(here, 'out', ['--subject', 'test.loop.{type}']);
  const back = await startBridge(here, 'in', ['--subject', 'test.*.5']).exit();
  assert.equal(back.code, 2);
  assert.match(
    back.stderr,
    new RegExp(
      `process ${out.pid} publishes what is in this queue to stream TEST as test\\.loop\\.\\*.* without end`,
    ),
  );
  const into = await runningBridge(here, 'in', ['--subject', 'test.other']);
  await stopBridge(out);
  const again = await startBridge(here, 'out', ['--subject', 'test.other']).exit();
  assert.equal(again.code, 2);
  assert.match(
    again.stderr,
    new RegExp(`process ${into.pid} sends test\\.other of stream TEST into this queue`),
  );
  await stopBridge(await runningBridge(here, 'out', ['--subject', 'test.loop.{type}']));
  await stopBridge(into);
  // A bridge that does not run is no loop.
  await stopBridge(await runningBridge(here, 'in', ['--subject', 'test.loop.*']));
});
