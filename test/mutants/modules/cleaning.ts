import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const folder = 'packages/ipctools/src/cleaning';
const commands = 'packages/ipctools/src/cli/commands';

export const cleaning: GuardedModule = {
  name: 'cleaning',
  mutations: [
    ...inFile(`${folder}/clean.ts`, 'cleaning/kept', [
      {
        what: 'clean removes an object that was used since the listing',
        find: 'const changes = changesBetween(object, now);',
        replace: 'const changes = changesBetween(object, object);',
      },
      {
        what: 'clean reports objects as removed that others have removed',
        find: "  if (now === undefined) return { cause: 'gone', why: 'another process removed it' };\n",
        replace: '  if (now === undefined) return undefined;\n',
      },
      {
        what: 'clean does not check objects again before it removes them',
        find: 'const reason = lookAtIt(object);',
        replace: 'const reason = lookAtIt(object) && undefined;',
      },
      {
        what: 'clean removes an object that is not stale any more',
        find: "    if (verdict !== 'stale')\n",
        replace: "    if (verdict === 'unknown')\n",
      },
      {
        what: 'clean removes an object that is used during the scan of processes',
        find: '    if (moved !== undefined) return moved;\n',
        replace: '',
      },
      {
        what: 'clean removes the semaphore that proves a queue stale, and keeps the queue',
        find: 'if (!proves || !queueAt(object.entry.key)) return undefined;',
        replace: 'if (!proves || queueAt(object.entry.key)) return undefined;',
      },
      {
        what: 'clean removes a queue, and keeps the semaphore that proves it stale',
        find: '[...saved.saved, ...objects.filter((other) => !isQueue(other))]',
        replace: '[...objects.filter((other) => !isQueue(other)), ...saved.saved]',
      },
      {
        what: 'clean removes a queue that it could not back up',
        find: '[...saved.saved, ...objects',
        replace: '[...queues, ...objects',
      },
      {
        what: 'clean stops at an object that it cannot remove',
        find: '      failed.push({ object, error, why: error.message });\n',
        replace: '      throw error;\n',
      },
      {
        what: 'clean does not count removed objects',
        find: '      removed.push(object);\n',
        replace: '',
      },
    ]),
    ...inFile(`${folder}/clean.ts`, 'cleaning/kept', [
      {
        what: 'the window that is told is that of the last object',
        find: 'longestWindow = Math.max(longestWindow, performance.now() - begin);',
        replace: 'longestWindow = performance.now() - begin;',
      },
    ]),
    ...inFile(`${folder}/clean.ts`, 'evidence/threads', [
      {
        what: 'clean scans the processes only once for all objects',
        find: '  return (object) => {\n    const before',
        replace:
          '  const once = new Facts({ owners, ownerProcesses });\n  const Facts_ = class { constructor() { return once; } };\n  return (object) => {\n    const Facts = Facts_;\n    const before',
      },
    ]),
    ...inFile(`${folder}/clean.ts`, 'cleaning/report', [
      {
        what: 'clean makes no backup without --backup',
        find: "if (option === false) return 'none';",
        replace: "if (!option) return 'none';",
      },
    ]),
    ...inFile('packages/ipctools/src/evidence/kernel.ts', 'cleaning/kept', [
      {
        what: 'the semaphore of a dead server proves nothing any more when its queue has just gone',
        find: 'return { ...KERNEL, queueAt: (key) => queues.get(key) };',
        replace: 'return queues.size < 0 ? KERNEL : { ...KERNEL };',
      },
    ]),
    ...inFile('packages/ipctools/src/render/cleaning.ts', 'cleaning/report', [
      {
        what: 'a named object that does not exist is not a failure',
        find: 'failed.length + missing;',
        replace: 'failed.length;',
      },
      {
        what: 'the closing line does not mention unknown objects',
        find: '...(unknown > 0 ?',
        replace: '...(unknown < 0 ?',
      },
      {
        what: 'the closing line repeats a cause for each kept object',
        find: '[...new Set(kept.map(({ cause }) => cause))]',
        replace: 'kept.map(({ cause }) => cause)',
      },
      {
        what: 'the report claims that a backup contains segments',
        find: "removed.filter(({ kind }) => kind === 'queue').length",
        replace: 'removed.length',
      },
      {
        what: 'the printed command to restore a backup does not work',
        find: '${shellWord(path)}',
        replace: '${path}',
      },
      {
        what: 'the report does not mention objects that could not be removed',
        find: '[...kept, ...failed].map(',
        replace: '[...kept].map(',
      },
    ]),
    ...inFile('packages/ipctools/src/cleaning/removal.ts', 'cleaning/report', [
      {
        what: 'the memory of a segment that is attached counts as freed',
        find: "kind === 'segment' && entry.attachments > 0 ? 0",
        replace: "kind === 'segment' && entry.attachments < 0 ? 0",
      },
    ]),
    ...inCommand('packages/ipctools/src/cleaning/removal.ts', 'ipctools/remove', [
      {
        what: 'an object that is named twice is removed twice',
        find: '      names.taken.add(found.entry.id);\n',
        replace: '',
      },
    ]),
    ...inFile('packages/cli-kit/src/args/owner.ts', 'cleaning/selection', [
      {
        what: 'clean removes the objects of root for an owner who does not exist',
        find: "if (id === undefined) throw new UsageError(`there is no ${what} '${word}'`);",
        replace: 'if (id === undefined) return 0;',
      },
    ]),
    ...inFile('packages/ipctools/src/cli/object-selection.ts', 'cleaning/selection', [
      {
        what: "clean removes other users' objects, too",
        find: 'entry.uid === uid',
        replace: 'entry.uid >= uid',
      },
      {
        what: 'a ? of a pattern stands for any number of digits',
        find: ".replaceAll('?', '.')",
        replace: ".replaceAll('?', '.*')",
      },
      {
        what: 'a pattern matches longer keys, too',
        find: "'.')}$`",
        replace: "'.')}`",
      },
      {
        what: '--empty-only selects a queue whose messages are empty',
        find: 'entry.messages === 0',
        replace: 'entry.bytes === 0',
      },
      {
        what: '--empty-only selects segments',
        find: "return kind === 'semaphore set';",
        replace: 'return true;',
      },
      {
        what: 'an object needs to match only one of the filters',
        find: 'tests.every(',
        replace: 'tests.length === 0 || tests.some(',
      },
    ]),
    ...inFile(`${folder}/settled.ts`, 'cleaning/settled', [
      {
        what: 'clean does not wait for the end of the second in which an object was used',
        find: 'if (unsettled.length === 0) return false;',
        replace: 'return false;',
      },
      {
        what: 'clean lists the objects again before the current second is over',
        find: '* 1000 + 1000 + TICK',
        replace: '* 1000 + TICK',
      },
      {
        what: 'a clock that was set back makes clean wait for hours',
        find: 'time === second || time === second + 1',
        replace: 'time >= second',
      },
    ]),
    ...inCommand('packages/ipctools/src/cli/choose-stale.ts', 'cleaning/on-terminal', [
      {
        what: 'objects without proof are selected by default',
        find: 'proven || isChosen(evidence.object)',
        replace: 'proven || evidence !== undefined',
      },
      {
        what: 'clean asks for confirmation although nothing is selected',
        find: "  if (chosen.length === 0) throw new ExitError(REFUSED, 'nothing selected; nothing done');\n",
        replace: '',
      },
      {
        what: 'clean removes the selected objects without confirmation',
        find: '  await requireConsent(',
        replace: '  void (',
      },
    ]),
    ...inFile('packages/cli-kit/src/prompts/choosing.ts', 'cli-kit/choosing', [
      {
        what: 'what is chosen by key includes rows that the filter hides',
        find: '  for (const row of shown) {',
        replace: '  for (const row of new Set([...shown, ...state.chosen, 0, 1, 2, 3])) {',
      },
      {
        what: 'letters that are typed into the filter choose objects',
        find: '  if (state.typing) return typeInto(state, key);\n',
        replace: "  if (state.typing && !'anp'.includes(key)) return typeInto(state, key);\n",
      },
    ]),
    ...inCommand('packages/cli-kit/src/prompts/choose.ts', 'cleaning/on-terminal', [
      {
        what: 'Escape at the list removes what is chosen',
        find: "next === 'done' ?",
        replace: "next !== 'done' || next ?",
      },
    ]),
    ...inCommand('packages/ipctools/src/cli/commands/watch.ts', 'watch/keys', [
      {
        what: 'watch --read-only cleans',
        find: 'if (readOnly === true)',
        replace: 'if (readOnly === true && namespace !== undefined)',
      },
    ]),
    ...inFile('packages/ipctools/src/cli/watch/view.ts', 'watch/view', [
      {
        what: 'watch cleans the queue under the cursor in place of the tagged ones',
        find: "view.page === 'queues' && view.tagged.size > 0",
        replace: "view.page === 'help' && view.tagged.size > 0",
      },
      {
        what: 'a tag stays when its queue goes, and may come to stand for another',
        find: 'filter((name) => names.has(name))',
        replace: 'filter((name) => names.has(name) || name)',
      },
    ]),
    ...inCommand('packages/ipctools/src/cli/watch/clean-queues.ts', 'watch/keys', [
      {
        what: 'watch removes without a choice and a confirmation',
        find: 'const chosen = await chooseWithConsent(candidates, facts, isTagged);',
        replace: 'const chosen = chooseWithConsent && facts && isTagged ? candidates : [];',
      },
    ]),
    ...inCommand(`${commands}/clean.ts`, 'cleaning/refusals', [
      {
        what: 'clean removes objects without a terminal and without --yes',
        find: "    throw new ExitError(\n      REFUSED,\n      'cannot ask without",
        replace:
          "    return candidates;\n    throw new ExitError(\n      REFUSED,\n      'cannot ask without",
      },
      {
        what: 'a dry run cleans',
        find: 'const cleans = !dryRun && candidates.length > 0;',
        replace: 'const cleans = candidates.length > 0;',
      },
      {
        what: 'the exit code is 0 though a queue could not be saved',
        find: 'cleaning.failed.length > 0 ? EXIT.failed : EXIT.done',
        replace: 'cleaning.failed.length > 9 ? EXIT.failed : EXIT.done',
      },
    ]),
    ...inCommand('packages/ipctools/src/cli/survey-wanted.ts', 'cleaning/refusals', [
      {
        what: 'clean removes idle objects, too',
        find: "candidates: wanted.filter(({ verdict }) => verdict === 'stale')",
        replace: "candidates: wanted.filter(({ verdict }) => verdict !== 'live')",
      },
    ]),
    ...inCommand('packages/ipctools/src/cli/survey-wanted.ts', 'cleaning/kept', [
      {
        what: 'clean does not list objects again that were used in the second of the listing',
        find: 'return waited ? surveyWanted(wanted) : found;',
        replace: 'return waited ? found : surveyWanted(wanted);',
      },
    ]),
    ...inCommand(`${commands}/remove.ts`, 'ipctools/remove', [
      {
        what: 'remove destroys a set that was used while it asked',
        find: "backup === 'none' ? () => () => undefined : undefined",
        replace: '() => () => undefined',
      },
      {
        what: 'a dry run of remove removes',
        find: 'const cleaning = dryRun ?',
        replace: 'const cleaning = !text ?',
      },
    ]),
    ...inCommand('packages/cli-kit/src/prompts/consent.ts', 'ipctools/remove', [
      {
        what: 'remove destroys objects without a terminal and without --yes',
        find: '  if (!canAsk())\n    throw',
        replace: '  if (!canAsk()) return;\n  if (!canAsk())\n    throw',
      },
    ]),
    ...inCommand('packages/cli-kit/src/prompts/confirm.ts', 'ipctools/remove', [
      {
        what: 'any answer that begins with y is a yes',
        find: '/^y(es)?$/i',
        replace: '/^y/i',
      },
    ]),
  ],
};
