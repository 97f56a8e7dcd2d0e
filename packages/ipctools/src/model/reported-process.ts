import type { KnownProcess, Processes } from '@timeq/mq-native';

/** A process with what it runs; undefined if that can't be read. */
export interface ReportedProcess extends KnownProcess {
  readonly commandLine: string | undefined;
  /** The command line with the script's name in place of its interpreter. */
  readonly program: string | undefined;
  /** Its container or its systemd unit. */
  readonly unit: string | undefined;
}

/** Adds what a process runs, if it is alive. */
export function reportProcess(process: KnownProcess, processes: Processes): ReportedProcess {
  const { pid, state } = process;
  if (state !== 'alive') return { ...process, commandLine: undefined, program: undefined, unit: undefined };
  return {
    ...process,
    commandLine: processes.commandLine(pid),
    program: processes.program(pid),
    unit: processes.unit(pid),
  };
}

/** The same for a process that was found just now. */
export function reportLive(pid: number, processes: Processes): ReportedProcess {
  const live = processes.live(pid);
  const process: KnownProcess =
    live === undefined ? { pid, state: 'dead' } : { pid, state: 'alive', name: live.name };
  return reportProcess(process, processes);
}
