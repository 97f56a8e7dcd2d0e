// Node reads a file that is ASCII faster, and V8 keeps it in half the memory: "…" is written as "\u2026".

/** A plugin that escapes what is not ASCII. It all stands in strings, regular expressions and comments. */
export function plainAscii() {
  return {
    name: 'plain-ascii',
    renderChunk: (code) => code.replace(/[^\n\x20-\x7e\t]/g, escape),
  };
}

/** As both halves, if it is beyond U+FFFF: `replace` meets these one by one. */
function escape(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
