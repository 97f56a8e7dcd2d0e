// The binding's script is bundled; its addon stays where npm or the set-up installed it. The bundle searches
// node_modules like Node. Letting Node resolve the name takes a millisecond more, but finds other places, too.
const inBundle = `
  import { existsSync } from 'node:fs';
  import { dirname, join } from 'node:path';

  const name = '@timeq/mq-native';
  const found = require.resolve.paths(name).map((place) => join(place, name)).find((place) => existsSync(place));
  export const home = found ?? resolved();
  export const load = (file) => require(file);

  function resolved() {
    try {
      return dirname(require.resolve(name + '/package.json'));
    } catch (cause) {
      const sentence = 'the package ' + name + ' is not installed beside this command: install it again';
      throw Object.assign(new Error(sentence, { cause }), { code: 'ERR_TIMEQ_ADDON' });
    }
  }`;

/** A plugin that has the bundle look for the folder of @timeq/mq-native. */
export function nativePackage() {
  return {
    name: 'native-package',
    load(id) {
      return id.endsWith('/mq-native/dist/addon/package-home.js') ? inBundle : null;
    },
  };
}
