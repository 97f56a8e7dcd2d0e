// The commands' shared code is in six files instead of fifty, each of which would take Node a third of a
// millisecond: the binding, what uses it, and the rest, which --help and --version can load where there is no addon.
// The last two are in parts: scripts call the drop-ins for util-linux in loops, people call list, and compiling what only
// other verbs use would take as long as all the rest.
const binding = /\/mq-native\/dist\//;
const own = /\/packages\/[\w-]+\/dist\/(?!cli\/commands)/;
/** The modules that every command line loads. Their import() calls load more on demand. */
const first = /\/dist\/(cli\/main|cli\/commands\/|compat\/)/;
/** The modules of the drop-ins. */
const dropIns = /\/dist\/compat\//;
/** The verb that people call most. */
const list = /\/dist\/cli\/commands\/list\.js$/;

/** The modules that only --nats needs. */
const overNats = /\/packages\/(?:nats\/dist\/(?:connection|services)|[\w-]+\/dist\/(?:cli\/)?nats)\//;

/** The groups of one command, for rolldown. What one command loads at once, another one may load on demand. */
export function groupsOf() {
  const isEager = loadedWith(first);
  const forDropIns = loadedWith(dropIns);
  const forList = loadedWith(list);
  const usesBinding = reachesBinding();
  const named = (name, belongs) => ({
    debugName: name,
    name: (id, context) =>
      own.test(id) && !overNats.test(id) && isEager(id, context) && belongs(id, context) ? name : null,
    minShareCount: 2,
  });
  return [
    { name: 'native', test: binding },
    // Told with --version, where there may be no addon.
    { name: 'version', test: /\/ipctools\/dist\/version\.js$/ },
    named('base', (id, context) => forDropIns(id, context) && !usesBinding(id, context)),
    named('tables', (id, context) => forDropIns(id, context) && usesBinding(id, context)),
    named('shared', (id, context) => !usesBinding(id, context)),
    named('lists', (id, context) => forList(id, context) && usesBinding(id, context)),
    named('objects', usesBinding),
    { name: 'nats', test: overNats, minShareCount: 2 },
  ];
}

/** Whether a module is one of these, or is loaded with one of them. */
function loadedWith(roots) {
  const loaded = new Map();
  return function isLoaded(id, context) {
    if (roots.test(id)) return true;
    if (!loaded.has(id)) {
      loaded.set(id, false);
      const { importers = [] } = context.getModuleInfo(id) ?? {};
      loaded.set(
        id,
        importers.some((importer) => isLoaded(importer, context)),
      );
    }
    return loaded.get(id);
  };
}

/** Whether loading a module loads the binding. */
function reachesBinding() {
  const known = new Map();
  return function usesBinding(id, context) {
    if (binding.test(id)) return true;
    if (!known.has(id)) {
      known.set(id, false);
      const { importedIds = [] } = context.getModuleInfo(id) ?? {};
      known.set(
        id,
        importedIds.some((imported) => usesBinding(imported, context)),
      );
    }
    return known.get(id);
  };
}
