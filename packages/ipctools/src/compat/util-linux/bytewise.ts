/** One character per byte (latin1): what C programs measure, cut and complain about. */
export function bytewise(text: string): string {
  return Buffer.from(text).toString('latin1');
}
