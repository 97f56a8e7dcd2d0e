import type { SegmentEntry } from '@timeq/mq-native';
import type { Facts } from '../../model/facts.js';
import { reportLive, reportProcess, type ReportedProcess } from '../../model/reported-process.js';

/** Everything that can be known of one segment without attaching it. */
export interface SegmentReport {
  readonly entry: SegmentEntry;
  readonly creator: ReportedProcess;
  readonly last: ReportedProcess;
  /** The processes that have it attached, as far as they can be inspected. */
  readonly attached: readonly ReportedProcess[];
  /** Whether these are all. */
  readonly attachedKnown: boolean;
  /** Undefined where the kernel does not tell. */
  readonly residentBytes: number | undefined;
  readonly swappedBytes: number | undefined;
}

export function reportSegment(entry: SegmentEntry, facts: Facts): SegmentReport {
  const { processes } = facts;
  const { pids, complete } = facts.attachedTo(entry);
  const residency = facts.residency.get(entry.id);
  return {
    entry,
    creator: reportProcess(processes.find(entry.creatorPid, entry.changeTime), processes),
    last: reportProcess(
      processes.find(entry.lastPid, Math.max(entry.attachTime, entry.detachTime)),
      processes,
    ),
    attached: pids.map((pid) => reportLive(pid, processes)),
    attachedKnown: complete,
    residentBytes: residency?.residentBytes,
    swappedBytes: residency?.swappedBytes,
  };
}
