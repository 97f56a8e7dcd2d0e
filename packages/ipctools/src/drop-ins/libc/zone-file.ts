/** One kind of local time: seconds east of UTC, and its abbreviation. */
export interface ZoneOffset {
  readonly seconds: number;
  readonly abbreviation: string;
}

/** A time zone as tzfile(5) has it. */
export interface ZoneFile {
  /** Seconds since the epoch, ascending: from each on, the offset with the same index counts. */
  readonly transitions: readonly number[];
  readonly offsets: readonly ZoneOffset[];
  /** Before the first transition. */
  readonly first: ZoneOffset;
  /** The rule after the last transition, in the form of the TZ variable; empty if there is none. */
  readonly rule: string;
}

const MAGIC = 'TZif';
const HEADER_BYTES = 44;

/** Reads the contents of a file in /usr/share/zoneinfo; undefined if that is not what they are. */
export function parseZoneFile(bytes: Buffer): ZoneFile | undefined {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) return undefined;
  if (bytes.readUInt8(4) === 0) return parseBlock(bytes, 0, 4).zone;
  // Since version 2 a block with 64-bit times follows the old one, and a rule follows that.
  const { zone, end } = parseBlock(bytes, parseBlock(bytes, 0, 4).end, 8);
  if (zone === undefined) return undefined;
  const [, rule = ''] = bytes.toString('latin1', end).split('\n');
  return { ...zone, rule };
}

function parseBlock(
  bytes: Buffer,
  start: number,
  timeBytes: 4 | 8,
): { zone: ZoneFile | undefined; end: number } {
  const count = (index: number): number => bytes.readUInt32BE(start + 20 + 4 * index);
  const [utCount, standardCount, leapCount] = [count(0), count(1), count(2)];
  const [timeCount, typeCount, nameBytes] = [count(3), count(4), count(5)];
  const times = start + HEADER_BYTES;
  const indexes = times + timeCount * timeBytes;
  const types = indexes + timeCount;
  const names = types + typeCount * 6;
  const end = names + nameBytes + leapCount * (timeBytes + 4) + standardCount + utCount;

  const kinds: ZoneOffset[] = [];
  for (let index = 0; index < typeCount; index++) {
    const at = types + 6 * index;
    const name = names + bytes.readUInt8(at + 5);
    const abbreviation = bytes.toString('latin1', name, bytes.indexOf(0, name));
    kinds.push({ seconds: bytes.readInt32BE(at), abbreviation });
  }
  const [first] = kinds;
  if (first === undefined) return { zone: undefined, end };

  const transitions: number[] = [];
  const offsets: ZoneOffset[] = [];
  for (let index = 0; index < timeCount; index++) {
    const at = times + index * timeBytes;
    transitions.push(timeBytes === 8 ? Number(bytes.readBigInt64BE(at)) : bytes.readInt32BE(at));
    offsets.push(kinds[bytes.readUInt8(indexes + index)] ?? first);
  }
  return { zone: { transitions, offsets, first, rule: '' }, end };
}
