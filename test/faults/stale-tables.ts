import assert from 'node:assert/strict';
import { judgeTable, newTally } from '../ipctools/evidence/model/tables.js';
import type { Fault } from './fault.js';

export const staleTables: Fault = {
  name: 'stale-tables',
  title:
    'whatever processes, threads, namespaces and clocks do, no object that lives is called stale, on machines made up by chance',
  async run(_t, { random, long }) {
    const tables = long ? 100_000 : 300;
    const tally = newTally();
    for (let table = 0; table < tables; table += 1) {
      // The short form uses a fixed seed; the long one a new seed each time.
      judgeTable(long ? random.below(2 ** 32) : table, tally);
      if (table % 1000 === 999) await new Promise(setImmediate);
    }
    assert.deepEqual(
      tally.wrong.map(({ seed, why, judgement }) => ({ seed, why, reasons: judgement.reasons })),
      [],
    );
    const living = [...tally.living.values()].reduce((sum, count) => sum + count, 0);
    return `${tables} tables of ${tally.objects} objects: ${tally.stale} stale, of these ${tally.proven} proven; ${living} that live, 0 of them stale`;
  },
};
