import { formatMode } from '@timeq/mq-native';

const CLASSES = [
  { who: 'the owner', shift: 6 },
  { who: 'the group', shift: 3 },
  { who: 'all other users', shift: 0 },
];

const READ = 4;
const WRITE = 2;

/**
 * The problems of a mode for clients, which have to write their request and read the reply. One sentence each.
 * @param hasGroup whether the queue was given to a group
 */
export function modeWarnings(mode: number, hasGroup: boolean): string[] {
  const warnings: string[] = [];
  let served = false;
  for (const { who, shift } of CLASSES) {
    const bits = (mode >> shift) & (READ | WRITE);
    if (bits === (READ | WRITE)) served = true;
    if (bits === READ)
      warnings.push(`mode ${formatMode(mode)} lets ${who} read but not write: they cannot ask`);
    if (bits === WRITE) {
      warnings.push(`mode ${formatMode(mode)} lets ${who} write but not read: they never see a reply`);
    }
  }
  if (hasGroup && (mode & 0o060) === 0) {
    warnings.push(
      `mode ${formatMode(mode)} shuts out the group that the queue was given to: 0660 lets it in`,
    );
  }
  if (!served)
    warnings.push(`mode ${formatMode(mode)} shuts out every client but root's: 0600 lets in the owner's`);
  return warnings;
}
