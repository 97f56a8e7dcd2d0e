/**
 * A module for --import that writes to standard error, at the end, which modules were loaded: those of which the files
 * consist that Node has required. The bundler leaves the path of each in a comment in front of it.
 */
export const tellModules = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  process.on('exit', () => {
    for (const file of Object.keys(createRequire('/').cache)) {
      if (!file.endsWith('.cjs')) continue;
      for (const [, path] of readFileSync(file, 'utf8').matchAll(/^\\/\\/ ((?:packages|node_modules)\\/.*)$/gm)) {
        process._rawDebug(path);
      }
    }
  });`)}`;
