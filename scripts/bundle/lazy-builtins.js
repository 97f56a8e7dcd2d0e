// Node's own modules that take up to three milliseconds to load, and that hardly a command needs, are loaded when the
// first thing is taken from them.
const slow = ['child_process', 'crypto', 'module', 'readline', 'timers/promises', 'tty', 'worker_threads'];
const declaration = new RegExp(
  `^(\\s*)(?:let|const|var) (\\w+) = require\\("(node:(?:${slow.join('|')}))"\\);$`,
  'gm',
);
const lazily = '$1const $2 = new Proxy({}, { get: (_, name) => require("$3")[name] });';

/** A plugin that rewrites the declarations; a module that is not declared like this fails the build. */
export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    renderChunk(code, { fileName }) {
      const lazy = code.replace(declaration, lazily);
      const left = new RegExp(
        `= require\\(["']node:(?:${slow.join('|')})["']\\);$|__toESM\\(require\\(["']node:(?:${slow.join('|')})`,
        'm',
      ).exec(lazy);
      if (left !== null) throw new Error(`${fileName} loads a slow module at once: ${left[0]}`);
      return lazy;
    },
  };
}
