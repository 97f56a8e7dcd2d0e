import assert from 'node:assert/strict';
import test from 'node:test';
import { playPosix, skipWithoutPosixWorlds } from './scene.js';

const skip = skipWithoutPosixWorlds();

test('stale posix keeps what C programs have open or mapped, and what may be', { skip }, async (t) => {
  const scene = `
for name in open map thread unused; do peer memory create /$name 10 0 a; aged $name; done
peer semaphore create /held 1; peer semaphore create /free 1; aged sem.held sem.free
peer queue create /empty 1 8; peer queue create /full 1 8; peer queue send /full 0 a; touch -d '2 days ago' /dev/mqueue/*
for name in open map thread; do held memory $name /$name; aged $name; done
held semaphore open /held; aged sem.held
ipctools stale posix --older-than 30s --json; ipctools-only stale posix --json; ipctools-only stale posix --explain`;
  const { stdout } = await playPosix(t, scene);
  const [assumed = '', careful = '', rules = ''] = stdout.split(/(?<=\]\}\n)/);
  const verdicts = (json: string): Record<string, string> =>
    Object.fromEntries(
      (JSON.parse(json) as { objects: { name: string; verdict: string }[] }).objects.map(
        ({ name, verdict }) => [name, verdict],
      ),
    );
  const live = { '/open': 'live', '/map': 'live', '/thread': 'live', '/held': 'live' };
  // The kernel sets the time of a change, which is not to be set: so what was aged is 0 seconds old.
  assert.deepEqual(verdicts(careful), {
    ...live,
    '/unused': 'unknown',
    '/free': 'unknown',
    '/empty': 'unknown',
    '/full': 'unknown',
  });
  assert.deepEqual(verdicts(assumed), {
    ...live,
    '/unused': 'idle',
    '/free': 'idle',
    '/empty': 'stale',
    '/full': 'unknown',
  });
  assert.match(rules, /\b7 +stale\b/);
});
