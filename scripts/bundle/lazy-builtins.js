// Some of Node's own modules take up to three milliseconds to load, and few commands need them. They are loaded on
// first use.
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
        // The bundler's __toESM copies the module's exports at once for a default import, so it can't be loaded later.
        if (code.includes(`__toESM(${name}`)) return eager;
        return `${indent}const ${name} = new Proxy({}, { get: (_, key) => require("${module}")[key] });`;
      }),
  };
}
