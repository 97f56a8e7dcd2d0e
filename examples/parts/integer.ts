/** @returns undefined unless the text is an integer that a JavaScript number holds exactly */
export function parseInteger(text: string): number | undefined {
  const value = Number(text);
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}
