// The commands' shared code is in three files instead of fifty, each of which would take Node a third of a
// millisecond: the binding, what uses it, and the rest, which --help and --version can load where there is no addon.
const binding = /\/mq-native\/dist\//;
const own = /\/packages\/[\w-]+\/dist\/(?!cli\/commands)/;
/** The modules that every command line loads. Their import() calls load more on demand. */
const first = /\/dist\/(cli\/main|cli\/commands\/|compat\/)/;

/** The modules that only --nats needs. */
const overNats = /\/packages\/(?:nats\/dist\/(?:connection|services)|[\w-]+\/dist\/(?:cli\/)?nats)\//;

/** The groups, for rolldown. */
export const groups = [
  { name: 'native', test: binding },
  // Told with --version, where there may be no addon.
  { name: 'version', test: /\/ipctools\/dist\/version\.js$/ },
  named('shared', (id, context) => !usesBinding(id, context)),
  named('objects', usesBinding),
  { name: 'nats', test: overNats, minShareCount: 2 },
];

function named(name, belongs) {
  return {
    debugName: name,
    name: (id, context) =>
      own.test(id) && !overNats.test(id) && isEager(id, context) && belongs(id, context) ? name : null,
    minShareCount: 2,
  };
}

const eager = new Map();

function isEager(id, context) {
  if (first.test(id)) return true;
  if (!eager.has(id)) {
    eager.set(id, false);
    const { importers = [] } = context.getModuleInfo(id) ?? {};
    eager.set(
      id,
      importers.some((importer) => isEager(importer, context)),
    );
  }
  return eager.get(id);
}

const known = new Map();

/** Whether loading the module loads the binding. */
function usesBinding(id, context) {
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
}
