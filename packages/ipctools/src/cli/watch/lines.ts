import { setTimeout as delay } from 'node:timers/promises';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { jsonTexts } from '../../render/columns/write.js';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import type { Output } from '@timeq/cli-kit/output/output';
import type { Flow } from '../../watch/rates.js';
import type { Sample, Sampler } from '../../watch/sampler.js';
import type { WatchPlan } from './watch-screen.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';

function flowFields(name: string, flow: Flow | undefined): string {
  const rate = flow === undefined ? null : Math.round(flow.perSecond * 1000) / 1000;
  return `"${name}PerSecond":${rate},"${name}Exact":${flow?.exact ?? null}`;
}

function queueText(queue: WatchedQueue): string {
  const { entry, facts, flows, namespace } = queue;
  const [fields = '{}'] = jsonTexts([entry], QUEUE_COLUMNS, facts);
  const place = namespace === undefined ? '' : `,"namespace":${namespace}`;
  return `${fields.slice(0, -1)}${place},${flowFields('in', flows?.in)},${flowFields('out', flows?.out)}}`;
}

/** A sample as a line of JSON. */
function sampleText({ time, seconds, queues }: Sample): string {
  const since = seconds === undefined ? null : Math.round(seconds * 1000) / 1000;
  const head = `"time":"${new Date(time).toISOString()}","timeEpoch":${time / 1000},"seconds":${since}`;
  return `{${head},"queues":[${queues.map(queueText).join(',')}]}\n`;
}

/** Writes a line for each sample, until a signal comes or after so many. @throws ReaderGone, what the sampler throws */
export async function writeSamples(sampler: Sampler, plan: WatchPlan, output: Output): Promise<number> {
  using interruption = new Interruption();
  for (let samples = 1; ; samples += 1) {
    const begin = performance.now();
    await output.deliver(sampleText(sampler.sample()));
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
