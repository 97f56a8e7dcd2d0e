import { completionScenes, type Scenes } from './scene.js';

const queues = 'nats; ipctools create --key 0x80 >/dev/null; ipctools create --key 0x81 >/dev/null';
const events = `${queues}; bridged out 0x80 --stream EVENTS --create-stream`;
const orders = `${queues}; bridged out 0x80 --stream ORDERS --subject 'orders.alpha.{type}' --create-stream`;
const moved = 'ipctools send 0x80 one && ipctools wait 0x80 --until messages=0 --timeout 1m';
const arrived = 'ipctools wait 0x81 --timeout 1m';

/** The examples of timeq-bridge. */
export const SCENES: Scenes = {
  ...completionScenes('timeq-bridge'),
  'timeq-bridge out 0x80 --stream EVENTS': {
    before: events,
    until: `timeq-bridge status 0x80 | grep -q runs && ${moved}`,
    wants: "timeq-bridge status 0x80 >out; grep -q 'moved *2$' out",
  },
  'timeq-bridge out 0x80 --stream ORDERS --subject orders.{type} --create-stream': {
    before: queues,
    until: `timeq-bridge status 0x80 | grep -q runs && ${moved}`,
    wants: "timeq-bridge status 0x80 >out; grep -q 'moved *1$' out && grep -q 'ORDERS, as orders' out",
  },
  'timeq-bridge in 0x81 --stream ORDERS --subject orders.alpha.*': {
    before: orders,
    until: arrived,
    wants: "ipctools peek 0x81 | grep -q '1 *5 *moved'",
  },
  'timeq-bridge in 0x81 --stream ORDERS --type 7': {
    before: orders,
    until: arrived,
    wants: "ipctools peek 0x81 | grep -q '1 *5 *moved'",
  },
  'timeq-bridge status 0x80': { before: events, wants: "grep -q 'does not run' out" },
  'timeq-bridge status 0x80 --json': { before: events, wants: 'jq -e ".bridges[0].counts.moved == 1" out' },
  'timeq-bridge slots 0x80': { before: events, wants: "grep -q 'no slot holds a message' out" },
  'timeq-bridge slots 0x80 --to-queue': { before: events, wants: "grep -q 'no slot holds a message' out" },
  'timeq-bridge metrics': { before: events, wants: "grep -q '^timeq_bridge_' out" },
  'timeq-bridge metrics --listen 9465': {
    before: events,
    until: 'get 9465 /metrics >scraped',
    wants: "grep -q '^timeq_bridge_' scraped",
  },
};
