// Names of processes, users and groups, paths and bodies may come from any program. Characters that would move the
// cursor, break the line, or reorder text (the bidirectional controls of Unicode) are shown escaped.

// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON.stringify has written the others as escapes; newlines between the fields are ours. */
const UNSAFE_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The text in one line that is safe on a terminal: controls are written as `\n`, `\x1b`, `\u202e`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => SHORT.get(character) ?? numbered(character));
}

/** JSON, safe on a terminal as well. It means the same to every reader. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, null, indent));
}

/** The same for JSON that is text already. */
function escapeJson(json: string): string {
  return json.replace(UNSAFE_IN_JSON, (character) => `\\u${hexadecimal(character).padStart(4, '0')}`);
}

function numbered(character: string): string {
  const digits = hexadecimal(character);
  return digits.length > 2 ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`;
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16);
}
