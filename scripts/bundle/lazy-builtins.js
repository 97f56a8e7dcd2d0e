// Node's own modules that take up to three milliseconds to load, and that hardly a command needs, are loaded when the
// first thing is taken from them.
const slow = ['child_process', 'crypto', 'module', 'readline', 'timers/promises', 'tty', 'worker_threads'];
const declaration = new RegExp(
  `^(\\s*)(?:let|const|var) (\\w+) = require\\("(node:(?:${slow.join('|')}))"\\);$`,
  'gm',
);

/** A plugin that rewrites the declarations. test/packages/start-up.test.ts says whether it found them all. */
export function lazyBuiltins() {
  return {
    name: 'lazy-builtins',
    renderChunk: (code) =>
      code.replace(declaration, (eager, indent, name, module) => {
        // Its exports are copied at once, for the sake of its default export: it has to be there.
        if (code.includes(`__toESM(${name}`)) return eager;
        return `${indent}const ${name} = new Proxy({}, { get: (_, key) => require("${module}")[key] });`;
      }),
  };
}
