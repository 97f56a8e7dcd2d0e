const BYTES_PER_LINE = 16;

function dumpLine(body: Buffer, start: number): string {
  const bytes = body.subarray(start, start + BYTES_PER_LINE);
  const half = (from: number): string =>
    bytes
      .subarray(from, from + 8)
      .toString('hex')
      .replace(/../g, '$& ');
  const text = bytes.toString('latin1').replace(/[^ -~]/g, '.');
  return `  ${start.toString(16).padStart(8, '0')}  ${half(0).padEnd(25)}${half(8).padEnd(25)}|${text}|`;
}

/** The bytes as `hexdump -C` shows them, 16 in a line of 80 columns. */
export function hexdump(body: Buffer): string[] {
  const lines: string[] = [];
  for (let start = 0; start < body.length; start += BYTES_PER_LINE) lines.push(dumpLine(body, start));
  return lines;
}
