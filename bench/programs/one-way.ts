/**
 * Timeq's one-way throughput, as one_way.c does it.
 *   one-way.js FORM send|receive KEY COUNT BYTES
 * FORM: async (await send, for await), batch (trySend, receiveBatch), send-batch (trySendBatch, receiveBatch), sync
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

/** @returns the moment at which the first message came */
async function receive(): Promise<number> {
  let start = 0;
  if (form === 'sync') {
    for (let i = 0; i < count; i++) {
      queue.receiveSync({ type: 1 });
      if (i === 0) start = performance.now();
    }
  } else if (form === 'batch' || form === 'send-batch') {
    await queue.receive({ type: 1 });
    start = performance.now();
    for (let i = 1; i < count;) {
      const messages = queue.receiveBatch({ type: 1 });
      i += messages.length;
      if (messages.length === 0 && i < count) {
        await queue.receive({ type: 1 });
        i++;
      }
    }
  } else {
    let i = 0;
    for await (const message of queue.messages({ type: 1 })) {
      if (message.body.length !== body.length) throw new Error('a message of another size');
      if (i === 0) start = performance.now();
      if (++i === count) break;
    }
  }
  return start;
}

if (role === 'send') {
  await send();
} else {
  const start = await receive();
  console.log(JSON.stringify({ perSecond: ((count - 1) / (performance.now() - start)) * 1000 }));
}
