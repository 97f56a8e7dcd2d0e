import { completionScenes, type Scenes } from './scene.js';

const queue = 'ipctools create --key 0x80 >/dev/null';
const held = `${queue}; ipctools send 0x80 --type 7 a b c`;
const two = `${held}; ipctools create --key 0x90 >/dev/null`;
/** The last of them has the id 5. */
const six = 'queues; ipctools send 5 abcd';
const segments = 'for n in 0 1 2 3 4 5 6 7; do ipcmk -M 100 >/dev/null; done';
const set = "perl -e 'semget(0x80, 1, 01600) // die'";
/** Two hours after its creator ended. Of queues it can't be known who uses them: other pid namespaces are unseen here. */
const stale = 'ipcmk -M 100 >/dev/null; later';
const posixQueue = 'touch /dev/mqueue/jobs';
const dumped = `${two}; ipctools create --key 0x81 >/dev/null; ipctools dump 0x80 0x81 -o queue.jsonl 2>/dev/null; ipctools rm 0x80 0x81 --yes --no-backup >/dev/null`;
const purged = `${held}; ipctools purge 0x80 --yes >/dev/null; ipctools rm 0x80 -y >/dev/null`;
const noMessages = '[ "$(ipctools list --filter key=0x80 --raw --no-header --columns messages)" = 0 ]';
const gone = '! ipctools list all --raw --no-header --columns key | grep -q 0x00000080';

/** The examples of ipctools, each in a world of its own. */
export const SCENES: Scenes = {
  ...completionScenes('ipctools'),
  'ipctools list all': { before: held, wants: 'grep -q 0x00000080 out && grep -q semaphores out' },
  'ipctools show 0x80': {
    before: held,
    wants: "grep -q '^queue 0 (key 0x00000080)' out && grep -q '7 *3 *3' out",
  },
  'ipctools clean': {
    before: stale,
    keys: "shown 'esc cancel'; printf 'a\\r'; yes_typed",
    wants: "grep -q 'removed 1; 100 bytes freed' out",
  },
  ipctools: { before: held, wants: "grep -q 'queues  *1 .* 3 messages, 3 bytes' out" },
  'ipctools overview --json | jq .overview.warnings': { before: held, wants: '[ "$(cat out)" = "[]" ]' },
  "ipctools list --filter 'messages>0' --sort -bytes": {
    before: `${six}; ${held}`,
    wants:
      'sed -n 2p out | grep -q "0x00000095 *5" && sed -n 3p out | grep -q 0x00000080 && [ $(wc -l <out) = 3 ]',
  },
  'ipctools list posix --watch': {
    before: posixQueue,
    keys: "shown 'q quit'; printf q",
    wants: "grep -q 'posix queue *\\|/jobs' out",
  },
  'ipctools list --columns +limit,sent --json': {
    before: held,
    wants: 'jq -e ".queues[0].maxBytes == 16384" out',
  },
  'ipctools show -m 5': { before: segments, wants: "grep -q '^segment 5 ' out && grep -q 100 out" },
  'ipctools show 0x80 --kind semaphores': {
    before: set,
    wants: "grep -q '^semaphore set 0 (key 0x00000080)' out",
  },
  'ipctools show /jobs': { before: posixQueue, wants: "grep -q '/jobs' out" },
  'ipctools peek 0x80 --limit 3': {
    before: `${held}; ipctools send 0x80 d`,
    wants: '[ "$(grep -c "7 *1 " out)" = 3 ]',
  },
  'ipctools peek 5 --type 1 --format hex': { before: six, wants: "grep -q '61 62 63 64' out" },
  'ipctools peek 5 --format struct:iq16s': {
    before: `${six}; ipctools receive 5 --all >/dev/null; perl -e 'print unpack "H*", pack "lx4qa16", 7, 8, "nine"' | ipctools send 5 --hex -`,
    wants: "grep -q '7.*8.*nine' out",
  },
  "ipctools send 0x80 --type 2 ''": { before: queue, wants: "ipctools peek 0x80 | grep -q '^ *2 *0$'" },
  'ipctools send 0x80 --create hello': { wants: "ipctools peek 0x80 | grep -q '1 *5 *hello'" },
  'seq 3 | ipctools send 0x80 --lines': {
    before: queue,
    wants: '[ "$(ipctools receive 0x80 --all | xargs)" = "1 2 3" ]',
  },
  "ipctools send 0x80 --count 10 --interval 1s 'job {n} at {time}'": {
    before: queue,
    wants: "ipctools receive 0x80 --all | tail -n 1 | grep -q '^job 10 at 20.*Z$'",
  },
  'ipctools receive 0x80 --timeout 5s': { before: held, wants: '[ "$(cat out)" = a ]' },
  'ipctools receive 0x80 --all --format json >messages.ndjson': {
    before: held,
    wants:
      '[ "$(wc -l <messages.ndjson)" = 3 ] && ipctools send 0x80 --json --file messages.ndjson && ipctools peek 0x80 | grep -q "7 *1 *c"',
  },
  'ipctools receive 0x80 --follow': {
    before: held,
    until: '[ "$(wc -l <out)" = 3 ]',
    wants: '[ "$(xargs <out)" = "a b c" ]',
  },
  "ipctools receive 0x80 --follow --exec 'gzip >$$.gz' --jobs 4": {
    before: held,
    until: '[ "$(zcat *.gz | wc -c)" = 3 ]',
    wants: '[ "$(ls *.gz | wc -l)" = 3 ]',
  },
  'key=$(ipctools create)': { before: "after='ipctools show $key'", wants: "grep -q '^queue 0 ' out" },
  'ipctools create --key 0x80 --mode 0660 --max-bytes 64K': {
    // Above msgmnb it takes root.
    before: '[ "$(id -u)" = 0 ] && echo 65536 >/proc/sys/kernel/msgmnb',
    wants: "ipctools show 0x80 | grep -q 'mode 0660' && ipctools show 0x80 | grep -q '0 of 65536'",
  },
  'ipctools set 0x80 --mode 0660 --group users': {
    before: queue,
    wants: "ipctools show 0x80 | grep -q 'group users, mode 0660'",
  },
  'ipctools set 0x80 --max-bytes 64K': {
    before: `echo 65536 >/proc/sys/kernel/msgmnb; ${queue}; ipctools set 0x80 --max-bytes 4K >/dev/null`,
    wants: "grep -q '4096 -> 65536' out",
  },
  'ipctools drop-ins': { wants: 'grep -q ipcs out && grep -q lsipc out' },
  'ipctools drop-ins --install /usr/local/bin': {
    wants: "/usr/local/bin/ipcs -q | grep -q 'Message Queues'",
  },
  'ipctools ftok /srv/clock 1': {
    before: 'touch /srv/clock',
    wants: '[ $(($(cat out))) = "$(perl -MIPC::SysV=ftok -e "print ftok(q{/srv/clock}, 1)")" ]',
  },
  'ipctools ftok --find 0x01020304 /srv': {
    before: 'touch /srv/clock',
    code: 1,
    wants: "grep -q 'no file' err || [ -s err ]",
  },
  'ipctools limits': { wants: "grep -q '^msgmni .*sysctl -w kernel.msgmni=' out" },
  'ipctools limits --json | jq .limits': { wants: `jq -e 'any(.name == "msgmnb")' out` },
  'ipctools remove 0x80 5 --dry-run': {
    before: `${six}; ${held}`,
    wants: "grep -q 'would remove 2' out && ipctools show 5 >/dev/null",
  },
  'ipctools remove 0x80 --yes': {
    before: held,
    wants: `grep -q 'removed 1' out && ${gone} && ipctools backups | grep -q '1 queue, 3 messages'`,
  },
  'ipctools remove -m 7 -S 0x80': {
    before: `${segments}; ${set}`,
    keys: 'yes_typed',
    wants: `grep -q 'removed 2' out && ${gone}`,
  },
  'ipctools remove /jobs --drain': {
    before: posixQueue,
    keys: 'yes_typed',
    wants: '[ ! -e /dev/mqueue/jobs ]',
  },
  'ipctools purge 0x80 --dry-run': { before: held, wants: "grep -q 'would purge 3 messages' out" },
  'ipctools purge 0x80 --type 7 --yes': {
    before: held,
    wants: `grep -q 'purged 3 messages' out && ${noMessages}`,
  },
  'ipctools purge 0x80 --older-than 1h --yes': {
    before: held,
    code: 3,
    wants: "grep -q 'got a message .* ago' err",
  },
  'ipctools move 0x80 0x90 --dry-run': { before: two, wants: "grep -q 'would move 3 messages' out" },
  'ipctools move 0x80 0x90 --type 7 --count 100 --yes': {
    before: two,
    wants: `grep -q 'moved 3 messages' out && ${noMessages}`,
  },
  'ipctools stale': { before: stale, wants: "grep -q '^stale .*segment' out" },
  'ipctools stale queues --older-than 2d --json': {
    before: queue,
    wants: 'jq -e ".objects | length == 1" out',
  },
  'ipctools stale posix': { before: posixQueue, wants: 'grep -q /jobs out' },
  'ipctools stale --explain': { wants: "grep -q 'The first rule that holds decides' out" },
  'ipctools clean --dry-run': { before: stale, wants: "grep -q 'would remove 1' out" },
  'ipctools clean --yes --older-than 7d --owner www-data': {
    before: queue,
    wants: "grep -q 'nothing done' out",
  },
  'ipctools dump 0x80 -o queue.jsonl': {
    before: held,
    wants: "grep -q '3 messages of queue 0' err && ipctools restore queue.jsonl --new-key 0x99 >/dev/null",
  },
  'ipctools dump 0x80 0x81 -o queues.jsonl': {
    before: `${held}; ipctools create --key 0x81 >/dev/null`,
    wants: "grep -q 'queue 1' err && [ -s queues.jsonl ]",
  },
  'ipctools restore --last --dry-run': {
    before: purged,
    wants: "grep -q '3 messages\\|0x00000080' out && grep -q 'the newest backup is' err",
  },
  'ipctools restore queue.jsonl -Q 0x80 -Q 0x81': {
    before: dumped,
    wants: '[ "$(grep -c restored out)" = 2 ] && ipctools peek 0x80 | grep -q \'7 *1 *c\'',
  },
  'ipctools restore queue.jsonl --new-key 0x81': {
    before: `${held}; ipctools dump 0x80 -o queue.jsonl 2>/dev/null`,
    wants: "ipctools peek 0x81 | grep -q '7 *1 *c'",
  },
  'ipctools backups': { before: purged, wants: "grep -q '^2 backups in ' out" },
  'ipctools backups --prune --older-than 30d --keep 10': {
    before: purged,
    wants: "grep -q 'deleted 0 backups' out",
  },
  'ipctools watch': { before: held, keys: 'shown 0x00000080; printf q', wants: "grep -q 'q quit' out" },
  "ipctools watch --filter 'messages>0' --columns +unit": {
    before: `${held}; ipctools create --key 0x90 >/dev/null`,
    keys: "shown '1 of 2 queues'; printf q",
    wants: 'grep -q UNIT out',
  },
  'ipctools watch 0x80 --interval 100ms --count 50 --json': {
    before: held,
    wants: '[ "$(wc -l <out)" = 50 ]',
  },
  'ipctools serve': { until: "grep -q 'http://127.0.0.1:' out", wants: '[ ! -s err ]' },
  'ipctools serve --port 8127 --token-file ~/.timeq-token': {
    until: "grep -q ':8127/' out",
    wants: '[ -s ~/.timeq-token ]',
  },
  "ipctools wait 0x80 --until 'messages=0' --timeout 1m": {
    before: `${held}; (sleep 0.3; ipctools receive 0x80 --all) >/dev/null &`,
    wants: noMessages,
  },
  'ipctools wait 0x80 --json | jq .queue.messages': { before: held, wants: '[ "$(cat out)" = 3 ]' },
  'ipctools check /jobs': { before: posixQueue, wants: 'grep -q OK out' },
  'ipctools check 0x80': { before: held, wants: "grep -q '^QUEUES* OK' out" },
  "ipctools check --all --warning 'waiting~S' --critical 'verdict=stale'": {
    before: 'serve',
    wants: "grep -q '^QUEUES OK' out",
  },
  'ipctools check 0x80 --expect-server --timeout 1s': { before: 'serve --key 0x80', wants: 'grep -q OK out' },
  'ipctools metrics --listen 9464': {
    before: held,
    until: 'get 9464 /metrics >scraped',
    wants: 'grep -q ^sysv_ scraped || grep -q messages scraped',
  },
  'ipctools metrics --textfile /var/lib/prometheus/node-exporter/ipc.prom': {
    before: held,
    wants: 'grep -q messages /var/lib/prometheus/node-exporter/ipc.prom',
  },
};
