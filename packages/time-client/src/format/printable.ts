/**
 * Text of a stranger, made harmless for a terminal: one line, without the control characters that could move the cursor
 * or change colours. The newline and NUL with which C programs end their text go too.
 */
export function printable(text: string): string {
  return (
    text
      .replace(/[\n\r\0]+$/, '')
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?')
  );
}
