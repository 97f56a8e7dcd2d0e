import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { natsReleases, skipWithoutNats, startNats } from '../helpers/nats.js';
import { root } from '../helpers/node.js';
import { ask, connected, startTimeServer, text } from './support.js';

interface Validator {
  (value: unknown): boolean;
  readonly errors?: unknown;
}
interface Validators {
  addSchema(schema: object): void;
  getSchema(reference: string): Validator;
}
const { Ajv } = createRequire(import.meta.url)('ajv') as { Ajv: new (options: object) => Validators };
const schemas = new Ajv({
  strict: false,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/ },
});
schemas.addSchema(JSON.parse(readFileSync(`${root}test/nats/fixtures/micro-v1.json`, 'utf8')) as object);

interface Told {
  readonly id: string;
  readonly name: string;
  readonly endpoints: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

/** What a service tells, after a look whether that is as the tools of NATS want it. */
function checked(verb: string, answer: string): Told {
  const told = JSON.parse(answer) as Told;
  const validate = schemas.getSchema(`micro-v1#/definitions/${verb.toLowerCase()}_response`);
  assert.ok(validate(told), `${verb}: ${answer}: ${JSON.stringify(validate.errors)}`);
  return told;
}

describe('time servers as services of NATS', { skip: skipWithoutNats() }, () => {
  for (const release of natsReleases) {
    it(`answer PING, INFO and STATS as the schemas of micro v1 ask (${release.version})`, async (t) => {
      const nats = await startNats(t, { release });
      await startTimeServer(t, nats.url);
      await startTimeServer(t, nats.url);
      const connection = await connected(t, nats.url);
      for (const verb of ['PING', 'INFO', 'STATS']) {
        const all = (await ask(connection, `$SRV.${verb}`, '', 2)).map((answer) =>
          checked(verb, text(answer)),
        );
        const kind = (await ask(connection, `$SRV.${verb}.timeq`, '', 2)).map((answer) =>
          checked(verb, text(answer)),
        );
        assert.equal(new Set([...all, ...kind].map(({ id }) => id)).size, 2);
        const [one] = await ask(connection, `$SRV.${verb}.timeq.${all[0]?.id}`, '');
        assert.equal(one && checked(verb, text(one)).id, all[0]?.id);
      }
    });
  }

  it('count requests and errors, and mark errors by headers', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url);
    const connection = await connected(t, nats.url);
    await ask(connection, 'timeq.now', '');
    await ask(connection, 'timeq.now', '{"timeq":1,"id":1}');
    const [refused] = await ask(connection, 'timeq.now', '{"timeq":1,"id":2,"ask":"tea"}');
    assert.equal(refused?.headers?.get('Nats-Service-Error-Code'), '400');
    assert.match(refused?.headers?.get('Nats-Service-Error') ?? '', /"ask" must be .*UNKNOWN_ASK/);
    assert.match(refused ? text(refused) : '', /"error":\{"code":"UNKNOWN_ASK"/);
    const [answer] = await ask(connection, '$SRV.STATS.timeq', '');
    const { endpoints } = checked('STATS', answer ? text(answer) : '');
    const now = endpoints.find(({ subject }) => subject === 'timeq.now');
    assert.deepEqual([now?.['num_requests'], now?.['num_errors'], now?.['queue_group']], [3, 1, 'q']);
    assert.match(String(now?.['last_error']), /UNKNOWN_ASK/);
    const total = Number(now?.['processing_time']);
    assert.ok(total > 0);
    assert.equal(now?.['average_processing_time'], Math.trunc(total / 3));
  });

  it('answer every client that publishes, with asctime or as the protocol has it, each request by one server', async (t) => {
    const nats = await startNats(t);
    for (let server = 0; server < 3; server++) await startTimeServer(t, nats.url, '--subject', 'clock.hall');
    const connection = await connected(t, nats.url);
    const [classic] = await ask(connection, 'clock.hall.now', 'what time is it?');
    assert.match(classic ? text(classic) : '', /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
    const [addressed] = await ask(connection, 'clock.hall.now', '{"timeq":1,"id":"a"}');
    assert.match(addressed ? text(addressed) : '', /^\{"timeq":1,"id":"a","time":"\d{19}"/);
    const [status] = await ask(connection, 'clock.hall.status', '');
    assert.match(status ? text(status) : '', /^\{"timeq":1,"id":"","status":\{"pid":\d+,/);
    const asked = Array.from({ length: 100 }, () => ask(connection, 'clock.hall.now', ''));
    assert.deepEqual(new Set((await Promise.all(asked)).map((answers) => answers.length)), new Set([1]));
    const stats = await ask(connection, '$SRV.STATS.timeq', '', 3);
    const counts = stats.map((answer) =>
      Number(checked('STATS', text(answer)).endpoints[0]?.['num_requests']),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      102,
    );
  });
});
