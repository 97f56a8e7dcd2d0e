// svmq on the same work as ../programs/round-trip.ts and one-way.ts.
//   program.js ping|pong|send|receive KEY COUNT BYTES
const { promisify } = require('node:util');
const { open } = require('svmq');

const WARM_UP = 2000;
const [role, key, count, bytes] = process.argv
  .slice(2)
  .map((word, index) => (index === 0 ? word : Number(word)));
const queue = open(key);
const body = Buffer.alloc(bytes);

const push = promisify((data, type, done) => queue.push(data, { type }, done));
const pop = promisify((type, done) => queue.pop({ type }, done));

async function ping() {
  const times = [];
  let before = performance.now();
  for (let i = -WARM_UP; i < count; i++) {
    await push(body, 1);
    await pop(2);
    const after = performance.now();
    if (i >= 0) times.push((after - before) * 1000);
    before = after;
  }
  const mean = times.reduce((sum, time) => sum + time, 0) / count;
  times.sort((a, b) => a - b);
  console.log(
    JSON.stringify({ mean, p50: times[Math.floor(count * 0.5)], p99: times[Math.floor(count * 0.99)] }),
  );
}

async function pong() {
  for (let i = -WARM_UP; i < count; i++) await push(await pop(1), 2);
}

async function send() {
  for (let i = 0; i < count; i++) await push(body, 1);
}

async function receive() {
  const half = Math.floor(count / 2);
  for (let i = 0; i < half; i++) await pop(1);
  const start = performance.now();
  for (let i = half; i < count; i++) await pop(1);
  console.log(JSON.stringify({ perSecond: ((count - half) / (performance.now() - start)) * 1000 }));
}

({ ping, pong, send, receive })[role]().catch((error) => {
  console.error(error);
  process.exit(1);
});
