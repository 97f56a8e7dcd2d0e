/**
 * What is wrong with the zone that the environment variable TZ names, in a sentence; undefined where the C library
 * understands it. It takes what it does not understand for UTC, without a word.
 */
export function zoneComplaint(isTimeZone: (text: string) => boolean): string | undefined {
  const { TZ: zone = '' } = process.env;
  if (isTimeZone(zone)) return undefined;
  return (
    `the environment variable TZ is '${zone}', which names no time zone of this machine: local times are in UTC; ` +
    'write it as Europe/Berlin (from the package tzdata) or CET-1CEST,M3.5.0,M10.5.0/3'
  );
}
