import { note } from '@timeq/cli-kit/output/notes';

/** A remark for people, on standard error. */
export function remark(sentence: string): void {
  note(`time-client: ${sentence}`);
}

/** Says what a format can't show: how little a classic reply contains. */
export async function remarkOnClassic(): Promise<void> {
  const { localZone } = await import('../format/zone.js');
  remark(
    `a classic reply has whole seconds and no zone; it was read as the local time of ${localZone().name}`,
  );
}

/** Says so if the local zone is not the one that TZ asks for. */
export async function remarkOnZone(): Promise<void> {
  if (process.env['TZ'] === undefined) return;
  const { zoneComplaint } = await import('@timeq/cli-kit/args/zone');
  const { isTimeZone } = await import('@timeq/mq-native/libc');
  const complaint = zoneComplaint(isTimeZone);
  if (complaint !== undefined) remark(complaint);
}
