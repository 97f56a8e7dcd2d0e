import { escapeText } from '@timeq/cli-kit/text/escape';

/** A line of what was asked for. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A remark beside it, for a person. It may repeat what a stranger said. */
export function remark(sentence: string): void {
  process.stderr.write(`time-client: ${escapeText(sentence)}\n`);
}

/** Says what a format cannot show: how little a classic reply tells. */
export async function remarkOnClassic(): Promise<void> {
  const { localZone } = await import('../format/zone.js');
  remark(
    `a classic reply has whole seconds and no zone; it was read as the local time of ${localZone().name}`,
  );
}

/** Says so if the local zone is not the one that was asked for. */
export async function remarkOnZone(): Promise<void> {
  if (process.env['TZ'] === undefined) return;
  const { zoneComplaint } = await import('@timeq/cli-kit/args/zone');
  const complaint = zoneComplaint();
  if (complaint !== undefined) remark(complaint);
}
