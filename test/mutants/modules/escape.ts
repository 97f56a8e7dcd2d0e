import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const kit = 'packages/cli-kit/src';
const text = `${kit}/text`;
const ipctools = 'packages/ipctools/src';
const client = 'packages/time-client/src';

export const escape: GuardedModule = {
  name: 'escape',
  mutations: [
    ...inFile(`${text}/escape.ts`, 'cli-kit/text', [
      {
        what: 'C1 controls act on the terminal',
        find: '/[\\u0000-\\u001f\\u007f-\\u009f\\u061c',
        replace: '/[\\u0000-\\u001f\\u007f\\u061c',
      },
      {
        what: 'DEL acts on the terminal',
        find: '/[\\u0000-\\u001f\\u007f-\\u009f\\u061c',
        replace: '/[\\u0000-\\u001f\\u0080-\\u009f\\u061c',
      },
      {
        what: 'NUL passes',
        find: '/[\\u0000-\\u001f',
        replace: '/[\\u0001-\\u001f',
      },
      {
        what: 'an override turns text around',
        find: '\\u2028-\\u202e\\u2066-\\u2069]/g;\n\n/** JSON.stringify',
        replace: '\\u2028-\\u202d\\u2066-\\u2069]/g;\n\n/** JSON.stringify',
      },
      {
        what: 'an isolate turns text around',
        find: '\\u2066-\\u2069]/g;\n\n/** JSON.stringify',
        replace: ']/g;\n\n/** JSON.stringify',
      },
      {
        what: 'the marks of a direction pass',
        find: '\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]/g;\n\n/** JSON.stringify',
        replace: '\\u009f\\u2028-\\u202e\\u2066-\\u2069]/g;\n\n/** JSON.stringify',
      },
      {
        what: 'C1 controls pass in JSON',
        find: '/[\\u007f-\\u009f',
        replace: '/[\\u007f',
      },
      {
        what: 'an override passes in JSON',
        find: '\\u2028-\\u202e\\u2066-\\u2069]/g;\n\nconst SHORT',
        replace: '\\u2028-\\u202d\\u2066-\\u2069]/g;\n\nconst SHORT',
      },
      {
        what: 'JSON with a C1 control is no JSON',
        find: "`\\\\u${hexadecimal(character).padStart(4, '0')}`",
        replace: '`\\\\u${hexadecimal(character)}`',
      },
      {
        what: 'a newline is written as its number',
        find: 'SHORT.get(character) ?? ',
        replace: '',
      },
      {
        what: 'only the first control is escaped',
        find: '\\u2066-\\u2069]/g;\n\n/** JSON.stringify',
        replace: '\\u2066-\\u2069]/;\n\n/** JSON.stringify',
      },
    ]),
    ...inFile(`${text}/shell-word.ts`, 'cli-kit/text', [
      {
        what: 'a quote in a path ends the word of the command to copy',
        find: "text.replaceAll(\"'\", String.raw`'\\''`)",
        replace: 'text',
      },
      {
        what: 'a tilde in a command to copy is the home of the user',
        find: '/^[\\w@%+=:,./-]+$/',
        replace: '/^[\\w@%+=:,./~-]+$/',
      },
      {
        what: 'an empty word of a command to copy is none',
        find: '/^[\\w@%+=:,./-]+$/',
        replace: '/^[\\w@%+=:,./-]*$/',
      },
      {
        what: 'a control in a path acts on the terminal that shows the command to copy',
        find: 'if (escapeText(text) === text) return',
        replace: 'return',
      },
      {
        what: 'a quote beside a control ends the word of the command to copy',
        find: ' && byte !== 0x27',
        replace: '',
      },
      {
        what: 'a backslash beside a control is an escape',
        find: ' && byte !== 0x5c',
        replace: '',
      },
      {
        what: 'a digit behind a control belongs to it',
        find: '.replace(/(\\\\x..)(?=[0-9A-Fa-f])/g, "$1\'$$\'")',
        replace: '',
      },
    ]),
    ...inCommand(`${kit}/tables/lines.ts`, 'foreign-text/lists', [
      {
        what: 'names of users act on the terminal in tables',
        find: 'cut(escapeText(text), column.width), index',
        replace: 'cut(text, column.width), index',
      },
    ]),
    ...inCommand(`${ipctools}/render/columns/write.ts`, 'foreign-text/lists', [
      {
        what: 'names of users act on the terminal with --raw',
        find: 'escapeText(column.raw(entry, facts))',
        replace: 'column.raw(entry, facts)',
      },
    ]),
    ...inCommand(`${ipctools}/render/columns/kinds.ts`, 'foreign-text/lists', [
      {
        what: 'names of users and processes act on the terminal in JSON',
        find: '`"${name}":${jsonText(value)}`',
        replace: '`"${name}":${JSON.stringify(value)}`',
      },
    ]),
    ...inCommand(`${ipctools}/render/columns/kinds.ts`, 'foreign-text/queues', [
      {
        what: 'names of processes act on the terminal',
        find: "escapeText(script ?? name ?? '?')",
        replace: "(script ?? name ?? '?')",
        accepted: 'tables, the live screen and show escape what they write as well',
      },
    ]),
    ...inCommand(`${ipctools}/render/body-format.ts`, 'foreign-text/terminal', [
      {
        what: 'bodies act on the terminal',
        find: "if (!text.includes('\\ufffd')) return escapeText(text);",
        replace: "if (!text.includes('\\ufffd')) return text;",
      },
    ]),
    ...inCommand(`${kit}/output/notes.ts`, 'foreign-text/copies', [
      {
        what: 'names of files act on the terminal in remarks and errors',
        find: 'const escaped = escapeText(text);',
        replace: 'const escaped = text;',
      },
    ]),
    ...inCommand(`${ipctools}/cli/commands/dump.ts`, 'foreign-text/copies', [
      {
        what: 'bodies act on the terminal that shows a copy',
        find: 'new CopyText(new Owners(), jsonText)',
        replace: 'new CopyText(new Owners())',
      },
    ]),
    ...inCommand(`${kit}/output/json-lists.ts`, 'foreign-text/removals', [
      {
        what: 'names of processes act on the terminal in the JSON of stale',
        find: 'yield jsonText(element)',
        replace: 'yield JSON.stringify(element)',
      },
    ]),
    ...inCommand(`${ipctools}/cli/commands/clean.ts`, 'foreign-text/removals', [
      {
        what: 'names of files act on the terminal in the JSON of clean',
        find: 'return `${jsonText({',
        replace: 'return `${JSON.stringify({',
      },
    ]),
    ...inCommand(`${ipctools}/compat/util-linux/output.ts`, 'foreign-text/removals', [
      {
        what: 'words act on the terminal in the errors of drop-ins',
        find: 'const escaped = escapeText(text);',
        replace: 'const escaped = text;',
      },
    ]),
    ...inCommand(`${ipctools}/compat/util-linux/ipcs/table.ts`, 'foreign-text/drop-ins', [
      {
        what: 'names of users act on the terminal in ipcs',
        find: 'bytewise(escapeText(owners.user(uid)))',
        replace: 'bytewise(owners.user(uid))',
      },
    ]),
    ...inCommand(`${ipctools}/compat/util-linux/ipcs/posix.ts`, 'foreign-text/drop-ins', [
      {
        what: 'names of groups act on the terminal in ipcs --posix',
        find: 'bytewise(escapeText(owners.group(entry.gid)))',
        replace: 'bytewise(owners.group(entry.gid))',
      },
    ]),
    ...inCommand(`${kit}/verbs/completion/complete.ts`, 'foreign-text/drop-ins', [
      {
        what: 'names of users act on the terminal when they are completed',
        find: ' && escapeText(word) === word',
        replace: '',
      },
    ]),
    ...inFile(`${kit}/tables/lines.ts`, 'watch/foreign-text', [
      {
        what: 'names of users act on the live screen',
        find: 'cut(escapeText(text), column.width), index',
        replace: 'cut(text, column.width), index',
      },
    ]),
    ...inCommand(`${client}/cli/render/status-text.ts`, 'time-client/foreign-text', [
      {
        what: "a server's version acts on the terminal",
        find: 'escapeText(value)',
        replace: 'value',
      },
      {
        what: "a server's version acts on the terminal in JSON",
        find: 'return jsonText(',
        replace: 'return JSON.stringify(',
      },
    ]),
    ...inCommand(`${client}/cli/render/answer-text.ts`, 'time-client/foreign-text', [
      {
        what: "a server's reply acts on the terminal",
        find: 'escapeText(serverText(answer))',
        replace: 'serverText(answer)',
      },
    ]),
    ...inCommand(`${client}/cli/render/answer-moment.ts`, 'time-client/foreign-text', [
      {
        what: "a server's reply acts on the terminal in JSON",
        find: 'return jsonText({',
        replace: 'return JSON.stringify({',
      },
    ]),
    ...inCommand(`${kit}/output/notes.ts`, 'time-client/foreign-text', [
      {
        what: "a server's error acts on the terminal",
        find: 'const escaped = escapeText(text);',
        replace: 'const escaped = text;',
      },
    ]),
    ...inCommand(`${client}/cli/commands/prompt.ts`, 'time-client/foreign-text', [
      {
        what: "a server's error acts on the terminal of the prompt",
        find: 'escapeText(error.message)',
        replace: 'error.message',
      },
    ]),
    ...inCommand(`${kit}/service/log-writer.ts`, 'time-server/log', [
      {
        what: 'text of strangers acts on the terminal that shows the log',
        find: 'escapeText(message)',
        replace: 'message',
      },
      {
        what: 'text of strangers acts on the terminal that shows the log as JSON',
        find: 'return jsonText({',
        replace: 'return JSON.stringify({',
      },
    ]),
  ],
};
