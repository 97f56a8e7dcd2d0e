import { setTimeout as delay } from 'node:timers/promises';
import { Facts } from '../../model/facts.js';
import { chooseColumns } from '../../render/columns/choose.js';
import { jsonTexts } from '../../render/columns/write.js';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import type { Output } from '@timeq/cli-kit/output/output';
import type { Sample, Sampler } from '../../watch/sampler.js';
import { arrange } from './arrange.js';
import { JSON_COLUMNS, WATCH_COLUMNS } from './columns.js';
import type { WatchPlan } from './watch-screen.js';

function* queueTexts(sample: Sample, plan: WatchPlan, facts: Facts): Generator<string> {
  const columns = plan.columns === undefined ? JSON_COLUMNS : chooseColumns(WATCH_COLUMNS, plan.columns);
  const names = columns.some(({ name }) => name === 'namespace');
  const queues = arrange(sample.queues, plan, columns, facts);
  for (const [index, text] of [...jsonTexts(queues, columns, facts)].entries()) {
    const namespace = queues[index]?.namespace;
    yield names || namespace === undefined ? text : `${text.slice(0, -1)},"namespace":${namespace}}`;
  }
}

/** A sample as a line of JSON. */
function sampleText(sample: Sample, plan: WatchPlan, facts: Facts): string {
  const { time, seconds } = sample;
  const since = seconds === undefined ? null : Math.round(seconds * 1000) / 1000;
  const head = `"time":"${new Date(time).toISOString()}","timeEpoch":${time / 1000},"seconds":${since}`;
  return `{${head},"queues":[${[...queueTexts(sample, plan, facts)].join(',')}]}\n`;
}

/** Writes a line for each sample, until a signal comes or after so many. @throws ReaderGone, what the sampler throws */
export async function writeSamples(sampler: Sampler, plan: WatchPlan, output: Output): Promise<number> {
  using interruption = new Interruption();
  const facts = new Facts();
  for (let samples = 1; ; samples += 1) {
    const begin = performance.now();
    await output.deliver(sampleText(sampler.sample(), plan, facts));
    if (samples >= plan.count) return EXIT.done;
    try {
      await delay(Math.max(0, plan.interval - (performance.now() - begin)), undefined, {
        signal: interruption.signal,
      });
    } catch {
      return interruption.exitCode === undefined || interruption.exitCode === 130
        ? EXIT.done
        : interruption.exitCode;
    }
  }
}
