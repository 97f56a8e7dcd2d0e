import { inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/mq-native/src/addon';

export const loading: GuardedModule = {
  name: 'loading',
  mutations: [
    ...inFile(`${folder}/executable.ts`, 'packages/addon-load', [
      {
        what: 'a file that was cut short ends the process with SIGBUS',
        find: "return end > size ? 'damaged' : undefined;",
        replace: "return end < 0 ? 'damaged' : undefined;",
      },
      {
        what: 'an addon for another architecture is said to be missing',
        find: 'own !== undefined && machine !== own',
        replace: 'own === undefined && machine !== own',
      },
      {
        what: 'an addon for 32 bits is said to be damaged',
        find: "  if (bytes[4] !== CLASS_64) return { builtFor: '32 bits' };\n",
        replace: '',
      },
      {
        what: 'a file that is no addon is given to the loader',
        find: "if (bytes.length < 64 || bytes.toString('latin1', 0, 4) !== ELF) return 'damaged';",
        replace: "if (bytes.length < 64) return 'damaged';",
      },
    ]),
    ...inFile(`${folder}/load-addon.ts`, 'packages/addon-load', [
      {
        what: 'Deno crashes with a segmentation fault',
        find: '  refuseDeno();\n  const',
        replace: '  const',
      },
      {
        what: 'a bad addon that was built here keeps the good one of the package from being loaded',
        find: '    failed.push({ file, cause, error });\n',
        replace: '    failed.push({ file, cause, error });\n    break;\n',
      },
      {
        what: 'that another addon was loaded is not said',
        find: '        if (failed[0] !== undefined) warn(failed[0], build);\n',
        replace: '',
      },
      {
        what: 'of two bad addons only one is named',
        find: 'other === undefined || other.cause.what === cause.what',
        replace: 'other === undefined || other.cause.what !== cause.what',
      },
    ]),
    ...inFile(`${folder}/load-addon.ts`, 'packages/bundled', [
      {
        what: 'a bundle names a file that does not exist',
        find: 'home === undefined || !isOurs(home)',
        replace: 'home === undefined',
      },
    ]),
    ...inFile(`${folder}/load-causes.ts`, 'packages/addon-load', [
      {
        what: 'words in the path of an addon are taken for the cause',
        find: "    .replaceAll(file, '')\n",
        replace: '',
      },
      {
        what: 'a file that may not be read is said to be built for another machine',
        find: '    /permission denied/i,\n',
        replace: '    /permission was denied/i,\n',
      },
      {
        what: 'a file system that is mounted noexec is not named as the cause',
        find: 'failed to map segment|operation',
        replace: 'operation',
      },
      {
        what: 'that addons are switched off is not said',
        find: "(error as { code?: string }).code === 'ERR_DLOPEN_DISABLED'",
        replace: "(error as { code?: string }).code === 'ERR_DLOPEN_FAILED'",
      },
    ]),
  ],
};
