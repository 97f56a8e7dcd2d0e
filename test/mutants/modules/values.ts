import { inCommand, inFile, type GuardedModule } from '../mutation.js';

const render = 'packages/ipctools/src/render';

export const values: GuardedModule = {
  name: 'values',
  mutations: [
    ...inFile('packages/mq-native/src/message-queue/message-queue.ts', 'mq-native/stat-and-set', [
      {
        what: 'the kernel cuts the limit of a queue to 32 bits',
        find: 'const LARGEST_LIMIT = 2 ** 31 - 1;',
        replace: 'const LARGEST_LIMIT = 2 ** 53 - 1;',
      },
    ]),
    ...inFile('packages/time-server/src/queue/pid-in-body.ts', 'time-server/pid-in-body', [
      {
        what: 'a pid at the head of a struct is not seen',
        find: '  if (bytes.length < INT) return undefined;\n',
        replace: '  if (bytes.length !== INT && bytes.length !== LONG) return undefined;\n',
      },
    ]),
    ...inFile(`${render}/struct-layout.ts`, 'messages/struct-layout', [
      {
        what: 'a big-endian number is read as a little-endian one',
        find: ": order === '<';",
        replace: ": order !== '>';",
      },
      {
        what: 'fields are read where a C compiler does not put them',
        find: 'if (isNative) at = Math.ceil(at / size) * size;',
        replace: 'if (isNative) at = Math.floor(at / size) * size;',
      },
      {
        what: 'fields of the standard sizes are aligned',
        find: 'if (isNative) at = Math',
        replace: 'at = Math',
      },
      {
        what: 'a long has the size of the machine where the layout asks for the standard one',
        find: 'const sizes = isNative ? NATIVE : STANDARD;',
        replace: 'const sizes = NATIVE;',
      },
      {
        what: 'a text counts as so many fields',
        find: "if (letter === 's' || letter === 'p') fields",
        replace: "if (letter === 'p') fields",
      },
      {
        what: 'padding is shown as a value',
        find: "else if (letter !== 'x')",
        replace: 'else',
      },
      {
        what: 'a layout that is longer than any message is taken',
        find: 'if (end > MOST_BYTES)',
        replace: 'if (end > 2 * MOST_BYTES)',
      },
      {
        what: 'a body of another length is read beyond its end, or in part',
        find: '  if (body.length !== bytes)\n',
        replace: '  if (body.length < bytes)\n',
      },
      {
        what: 'a negative number is shown as a large one',
        find: 'BigInt.asIntN(8 * bytes, value)',
        replace: 'BigInt.asIntN(8 * bytes + 1, value)',
      },
      {
        what: 'a number without a sign is shown as a negative one',
        find: "letter !== 'P' && letter === letter.toLowerCase()",
        replace: "letter !== 'P'",
      },
      {
        what: 'a pointer is shown as a negative number',
        find: "letter !== 'P' && letter === letter.toLowerCase()",
        replace: "letter === 'P' || letter === letter.toLowerCase()",
      },
      {
        what: 'a Pascal string is as long as it says, beyond its field',
        find: 'Math.min(view.getUint8(at), bytes - 1)',
        replace: 'view.getUint8(at)',
      },
      {
        what: 'a half float below the normal ones is shown as a normal one',
        find: '  if (exponent === 0) return sign * fraction * 2 ** -24;\n',
        replace: '',
      },
      {
        what: 'an infinite half float is shown as a number',
        find: '  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;\n',
        replace: '',
      },
      {
        what: 'infinities and NaN are shown as null',
        find: 'return Number.isFinite(value) ? value : String(value);',
        replace: 'return value;',
      },
      {
        what: 'a negative zero loses its sign',
        find: "  if (Object.is(value, -0)) return '-0';\n",
        replace: '',
      },
      {
        what: 'bytes that are no UTF-8 are shown as replacement characters',
        find: "isUtf8(bytes) ? bytes.toString('utf8')",
        replace: "bytes.length > 0 ? bytes.toString('utf8')",
      },
    ]),
    ...inFile('packages/ipctools/src/format/json.ts', 'messages/php-value', [
      {
        what: 'a number that JSON cannot hold exactly is rounded without a word',
        find: 'Number.isSafeInteger(number) ?',
        replace: 'Number.isFinite(number) ?',
      },
    ]),
    ...inFile(`${render}/php-value.ts`, 'messages/php-value', [
      {
        what: 'a value that is nested without end overflows the stack',
        find: '    if (depth > DEEPEST) throw new NoPhp();\n',
        replace: '',
      },
      {
        what: 'false is shown as true',
        find: "';') === '1';",
        replace: "';') !== '';",
      },
      {
        what: 'what follows a value is passed over',
        find: 'return reader.isAtEnd ? [value] : undefined;',
        replace: 'return [value];',
      },
      {
        what: 'an array with other keys than 0, 1, 2 loses them',
        find: 'entries.every(([key], index) => key === index)',
        replace: "entries.every(([key]) => typeof key === 'number')",
      },
      {
        what: 'private properties have the bytes of their class in their names',
        find: "String(key).replace(/^\\0[^\\0]*\\0/, '')",
        replace: 'String(key)',
      },
      {
        what: 'a text is as long as its letters, not its bytes',
        find: 'this.#at + length);\n    this.#at += length;',
        replace: 'this.#at + length);\n    this.#at += bytes.toString().length;',
      },
      {
        what: 'a text that does not end where it says is taken',
        find: '    this.#expect(`"${end}`);\n',
        replace: '    this.#at += 2;\n',
      },
      {
        what: 'an array that does not end where it says is taken',
        find: "    this.#expect('}');\n",
        replace: '    this.#at += 1;\n',
      },
      {
        what: 'a number that is none is taken for one',
        find: 'if (!pattern.test(text) || this',
        replace: 'if (this',
      },
      {
        what: 'a number that is cut is taken',
        find: ' || this.#body[this.#at - 1] !== end.charCodeAt(0)) throw',
        replace: ') throw',
      },
      {
        what: 'infinities are shown as NaN',
        find: "  return word.endsWith('INF') ? word.replace('INF', 'Infinity') : jsonFloat(Number(text));",
        replace: '  return jsonFloat(Number(text));',
      },
    ]),
    ...inCommand(`${render}/body-format.ts`, 'messages/php-value', [
      {
        what: 'a body that is no value of PHP is shown as null, and its bytes are lost',
        find: "value === undefined ? { error: 'no PHP serialize', body: jsonBytes(body) } : value[0]",
        replace: 'value?.[0] ?? null',
      },
      {
        what: 'a format is offered that only some of the bodies have',
        find: 'readPhp(body) === undefined)\n      return undefined;',
        replace: 'readPhp(body) === undefined)\n      continue;',
      },
    ]),
  ],
};
