/** What the keys of the screen do: for `?`, and for `ipctools watch --help`. */
export const KEYS: ReadonlyArray<readonly [keys: string, what: string]> = [
  ['q, Ctrl-C', 'quit'],
  ['arrows', 'move the cursor, as do Page Up, Page Down, Home, End'],
  ['Enter', 'show the messages, types, processes and history of a queue'],
  ['Esc', 'go back; in the list: untag all, then end the filter'],
  ['/', "filter while you type: 'messages>0, owner=root', or any text"],
  ['s, S', 'sort by the next column, by the one before'],
  ['k i m b f w d', 'sort by key, id, messages, bytes, full, waiting, idle'],
  ['r', 'reverse the order'],
  ['B', 'sort the busiest first, as at the start'],
  ['space', 'tag a queue, or untag it'],
  ['x', 'clean the tagged queues, as `ipctools clean` does'],
  ['?', 'show this help'],
];

/** The width of the keys, and a gap. */
export const KEY_COLUMNS = Math.max(...KEYS.map(([keys]) => keys.length)) + 2;

/** A line for each. */
export function keyLines(): readonly string[] {
  return KEYS.map(([keys, what]) => `${keys.padEnd(KEY_COLUMNS)}${what}`);
}
