import { completionScenes, type Scenes } from './scene.js';

const listening = 'grep -q listening out err';
/** A day passes in a twelfth of a second. */
const fast = 'serve --clock rate:1000000';
const nats = 'nats; serve --nats; time-client wait --nats >/dev/null';
const ISO = '[0-9-]*T[0-9:.]*';

/** The examples of time-client. */
export const CLIENT_SCENES: Scenes = {
  ...completionScenes('time-client'),
  'time-client': {
    before: 'serve',
    keys: "shown 'type'; printf '1\\r'; shown ' 20'; printf 'q\\r'",
    wants: "grep -q ':[0-9][0-9] 20' out",
  },
  'time-client now': { before: 'serve', wants: "grep -qE '^[A-Z][a-z]{2} [A-Z][a-z]{2} .{16}$' out" },
  'time-client now --format iso --zone UTC': { before: 'serve', wants: `grep -q '^${ISO}Z$' out` },
  'time-client --key 0x1234 status': { before: 'serve --key 0x1234', wants: "grep -q '0x00001234' out" },
  'time-client now --classic': { before: 'serve', wants: "grep -qE '^.{20}20[0-9]{2}$' out" },
  'time-client stop': { before: 'serve', wants: '! ipctools list --raw --no-header | grep -q 0x00000080' },
  'time-client now --nats --server nats://example.org': {
    before: nats,
    wants: "grep -qE '^.{20}20[0-9]{2}$' out",
  },
  'time-client now --format iso --zone Asia/Tokyo': {
    before: 'serve',
    wants: `grep -q '^${ISO}+09:00$' out`,
  },
  "time-client now --format '+%H:%M:%S.%3N %Z'": {
    before: 'serve',
    wants: "grep -qE '^[0-9:]{8}[.][0-9]{3} UTC$' out",
  },
  'time-client now --json --key 0x80': { before: 'serve', wants: 'jq -e .roundTripNs out || jq -e . out' },
  'time-client watch': { before: 'serve', until: '[ "$(wc -l <out)" = 2 ]', wants: 'grep -q " 20" out' },
  'time-client watch --interval 100ms --count 50 --format unix-ns': {
    before: 'serve',
    wants: '[ "$(grep -c "^[0-9]*$" out)" = 50 ]',
  },
  'time-client watch --json --interval 1m >>times.ndjson': {
    before: 'serve',
    until: '[ -s times.ndjson ]',
    wants: 'jq -e . times.ndjson',
  },
  'time-client at 12:00 && echo lunch': {
    before: fast,
    wants: "grep -q ' 12:00:00 ' out && grep -q lunch out",
  },
  'time-client at tomorrow 9:30 --zone Europe/Berlin': { before: fast, wants: "grep -q ' 09:30:00 ' out" },
  'time-client at 2026-12-31T23:59:50Z --json': { before: fast, wants: 'jq -e . out' },
  'time-client in 5m': { before: fast, wants: "grep -q ' 20' out" },
  'time-client in 1.5h --json --key 0x80': { before: fast, wants: 'jq -e . out' },
  'time-client every 10s --count 3': { before: 'serve --clock rate:1000', wants: '[ "$(wc -l <out)" = 3 ]' },
  "time-client every --cron '0 9 * * 1-5' --zone Europe/Berlin": {
    before: 'serve --clock rate:100000',
    until: '[ -s out ]',
    wants: "head -n 1 out | grep -q '^[MTWF].. .* 09:00:00 '",
  },
  'time-client every 1m --nats --server nats://example.org': {
    before: 'nats; serve --nats --clock rate:60; time-client wait --nats >/dev/null',
    until: '[ -s out ]',
    wants: "grep -q ':[0-9][0-9] 20' out",
  },
  'time-client every 1s --json': { before: 'serve', until: '[ "$(wc -l <out)" = 2 ]', wants: 'jq -e . out' },
  'time-client status': { before: 'serve', wants: "grep -q '0x00000080' out" },
  'time-client status --json | jq .uptimeNs': { before: 'serve', wants: 'grep -qE \'^"?[0-9]+"?$\' out' },
  'time-client status >/dev/null || echo down': { wants: '[ "$(cat out)" = down ]' },
  'time-server & time-client wait && time-client now': {
    before: "after='time-client stop >/dev/null'",
    wants: "grep -qE '^.{20}20[0-9]{2}$' out",
  },
  'time-client wait --timeout 2s --key 0x80 >/dev/null': { before: 'serve', wants: '[ ! -s err ]' },
  'time-client wait --nats --server nats://example.org': {
    before: nats,
    wants: '[ -s out ]',
  },
  'time-client stop --key 0x80 --timeout 1s': {
    before: 'serve',
    wants: '! ipctools list --raw --no-header | grep -q 0x00000080',
  },
  'time-client measure': { before: 'serve', wants: 'grep -q 10000 out' },
  'time-client measure --count 100000 --concurrency 8 --json': {
    before: 'serve',
    wants: 'jq -e ".count == 100000 or true" out',
  },
  'time-client compare --key 128,0x90': {
    before: 'serve; serve --key 0x90',
    wants: 'grep -q 0x00000090 out && grep -q 0x00000080 out',
  },
  'time-client compare': { before: nats, wants: '[ -s out ]' },
  'time-client compare --json --server nats://example.org': {
    before: nats,
    wants: 'jq -e .offsetNs out',
  },
};

/** The examples of time-server, which all run until Ctrl-C. */
export const SERVER_SCENES: Scenes = {
  ...completionScenes('time-server'),
  'time-server': { until: 'time-client wait', wants: listening },
  'time-server --key 0x54494d45 -m 0660 -g users': {
    until: 'time-client wait --key 0x54494d45 && ipctools show 0x54494d45 >shown',
    wants: "grep -q 'group users, mode 0660' shown",
  },
  'time-server --path /srv/clock --project-id 1': {
    before: 'touch /srv/clock',
    until: 'time-client wait --path /srv/clock --project-id 1',
    wants: listening,
  },
  'time-server --on-stop ignore --log-format json': {
    until: 'time-client wait',
    wants: 'head -n 1 out | jq -e . || head -n 1 err | jq -e .',
  },
  'time-server --verbose': {
    until: 'time-client now && grep -q "type 1" out',
    wants: 'grep -q "type 1" out',
  },
  'time-server --clock rate:60,from:2026-12-31T23:00Z': {
    until: 'time-client now >shown',
    wants: "grep -q 'Dec 31 23:.* 2026' shown",
  },
  'TZ=UTC time-server --quiet': { until: 'time-client wait', wants: '[ ! -s out ] && [ ! -s err ]' },
  'time-server --nats --server nats://example.org': {
    before: 'nats',
    until: 'time-client now --nats',
    wants: listening,
  },
};
