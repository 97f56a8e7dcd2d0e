/**
 * Timeq's one-way throughput, as one_way.c does it.
 *   one-way.js FORM send|receive KEY COUNT BYTES
 * FORM: async (await send, for await), batches (await send, for await of batches), batch (trySend, receiveBatch), send-batch (trySendBatch, receiveBatch), sync
 */
import { MessageQueue, type OutgoingMessage } from '@timeq/mq-native';

const [form, role, key, countText, bytesText] = process.argv.slice(2);
const queue = MessageQueue.open(Number(key));
const count = Number(countText);
const body = Buffer.alloc(Number(bytesText));
const BATCH = 256;

async function send(): Promise<void> {
  if (form === 'sync') {
    for (let i = 0; i < count; i++) queue.sendSync(1, body);
  } else if (form === 'batch') {
    for (let i = 0; i < count; i++) if (!queue.trySend(1, body)) await queue.send(1, body);
  } else if (form === 'send-batch') {
    await sendBatches();
  } else {
    for (let i = 0; i < count; i++) await queue.send(1, body);
  }
}

async function sendBatches(): Promise<void> {
  for (let sent = 0; sent < count;) {
    const messages: OutgoingMessage[] = [];
    for (let i = Math.min(BATCH, count - sent); i > 0; i--) messages.push({ type: 1, body });
    const accepted = queue.trySendBatch(messages);
    sent += accepted;
    if (accepted < messages.length) {
      await queue.send(1, body);
      sent++;
    }
  }
}

/** The first half warms up, the second half is timed. */
const half = Math.floor(count / 2);
let received = 0;
let receivedBefore = 0;
let start = 0;

/** Counts this many more messages. */
function came(messages: number): void {
  received += messages;
  if (start !== 0 || received < half) return;
  start = performance.now();
  receivedBefore = received;
}

async function receive(): Promise<void> {
  if (form === 'sync') {
    for (; received < count; came(1)) queue.receiveSync({ type: 1 });
  } else if (form === 'batch' || form === 'send-batch') {
    while (received < count) {
      const messages = queue.receiveBatch({ type: 1 });
      if (messages.length === 0) {
        await queue.receive({ type: 1 });
        came(1);
      } else {
        came(messages.length);
      }
    }
  } else if (form === 'batches') {
    for await (const messages of queue.batches({ type: 1 })) {
      came(messages.length);
      if (received === count) break;
    }
  } else {
    for await (const message of queue.messages({ type: 1 })) {
      if (message.body.length !== body.length) throw new Error('a message of another size');
      came(1);
      if (received === count) break;
    }
  }
}

if (role === 'send') {
  await send();
} else {
  await receive();
  const timed = received - receivedBefore;
  console.log(JSON.stringify({ perSecond: (timed / (performance.now() - start)) * 1000 }));
}
