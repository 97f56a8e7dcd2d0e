import { inFile, type GuardedModule } from '../mutation.js';

const format = 'packages/time-client/src/format';

export const dates: GuardedModule = {
  name: 'dates',
  mutations: [
    ...inFile(`${format}/strftime.ts`, 'format/strftime', [
      {
        what: 'a negative number is filled with zeros before its sign',
        find: "sign + digits.padStart(width - sign.length, '0')",
        replace: "(sign + digits).padStart(width, '0')",
      },
      {
        what: 'a minus keeps the zeros of a number',
        find: "if (fill === '-') return sign + digits;",
        replace: 'if (fill === undefined) return sign + digits;',
      },
      {
        what: 'a year with a plus has no sign',
        find: "numberText(value(moment), fill, width, fill === '+' && width > digits)",
        replace: 'numberText(value(moment), fill, width)',
      },
      {
        what: 'a year of four digits has a sign',
        find: "fill === '+' && width > digits)",
        replace: "fill === '+' && width >= digits)",
      },
      {
        what: 'AM and PM are in capitals where small letters were asked for',
        find: "const small = style.swapped && swapped === 'lower';",
        replace: "const small = style.swapped && swapped === 'upper';",
      },
      {
        what: 'the words in a date in capitals are not',
        find: 'write(conversions, moment, { upper: style.upper, yearFill })',
        replace: 'write(conversions, moment, { yearFill })',
      },
      {
        what: 'a year within a date is not filled as the date is',
        find: "years === 'filled' ? style.fill : undefined",
        replace: 'undefined',
      },
      {
        what: 'the last of several flags does not win',
        find: '/[-_0+](?=[^-_0+]*$)/',
        replace: '/[-_0+]/',
      },
      {
        what: 'a fraction is rounded to another second',
        find: 'nanosecondDigits(ns).slice(0, digits)',
        replace: 'String(Math.round(Number(nanosecondDigits(ns)) / 10 ** (9 - digits)))',
      },
      {
        what: 'a fraction of zero is empty',
        find: '/(?<=.)0+$/',
        replace: '/0+$/',
      },
      {
        what: 'an offset west of Greenwich is shown east of it',
        find: 'const west = seconds < 0 || (',
        replace: 'const west = (',
      },
      {
        what: 'an offset that is not known is shown as UTC',
        find: "seconds < 0 || (seconds === 0 && zone.abbreviation(epochSeconds).startsWith('-'))",
        replace: 'seconds < 0',
      },
      {
        what: 'seconds of an offset are cut off where they are asked for',
        find: 'rest > 0 ? 3 : minutes > 0 ? 2 : 1',
        replace: 'minutes > 0 ? 2 : 1',
      },
      {
        what: 'a conversion after E is written that date(1) refuses',
        find: "  if (modifier !== '' && MODIFIED[modifier]?.includes(letter) !== true) return undefined;\n",
        replace: '',
      },
      {
        what: 'a percent sign with flags is written as one without',
        find: "convert === undefined || (letter === '%' && whole !== '%%')",
        replace: 'convert === undefined',
      },
      {
        what: 'only the first conversion of a pattern is looked at before it is used',
        find: '    at = found.end;\n',
        replace: '    return undefined;\n',
      },
      {
        what: 'a century before Christ is rounded towards zero',
        find: 'Math.floor(yearOf(moment) / 100)',
        replace: 'Math.round(yearOf(moment) / 100)',
      },
      {
        what: 'Sunday is the day 0 of a week that begins on Monday',
        find: 'weekdayOf(moment) || 7',
        replace: 'weekdayOf(moment)',
      },
    ]),
    ...inFile(`${format}/calendar.ts`, 'format/strftime', [
      {
        what: 'noon and midnight are 0 o’clock',
        find: 'hourOf(moment) % 12 || 12',
        replace: 'hourOf(moment) % 12',
      },
      {
        what: 'noon is in the morning',
        find: "hourOf(moment) < 12 ? 'AM'",
        replace: "hourOf(moment) <= 12 ? 'AM'",
      },
      {
        what: 'weeks that begin on Monday are counted as those that begin on Sunday',
        find: '((weekdayOf(moment) + 7 - first) % 7)',
        replace: 'weekdayOf(moment)',
      },
    ]),
    ...inFile(`${format}/iso-week.ts`, 'format/strftime', [
      {
        what: 'the first days of January are in week 1 of their own year',
        find: 'date.getUTCDate() - weekday + 3)',
        replace: 'date.getUTCDate())',
      },
    ]),
    ...inFile(`${format}/iso.ts`, 'format/format.test', [
      {
        what: 'nanoseconds lose their zeros',
        find: ".padStart(9, '0')",
        replace: '',
      },
    ]),
    ...inFile(`${format}/offset-text.ts`, 'format/format.test', [
      {
        what: 'an offset of half an hour west is shown as a whole one',
        find: 'const size = Math.abs(offsetSeconds);',
        replace: 'const size = Math.abs(Math.round(offsetSeconds / 3600) * 3600);',
      },
    ]),
    ...inFile(`${format}/parse-asctime.ts`, 'format/format.test', [
      {
        what: 'a day that its month does not have is read as one of the next',
        find: 'return date.getUTCDate() === day\n',
        replace: 'return date.getUTCDate() > 0\n',
      },
      {
        what: 'a month that is none is read as the last one of the year before',
        find: '  if (month === -1) return undefined;\n',
        replace: '',
      },
    ]),
    ...inFile(`${format}/zone.ts`, 'format/local-zone', [
      {
        what: 'times of the classic reply are read with the offset of another day',
        find: '    .find((each) => each + zone.offsetSeconds(each) === shown);',
        replace: '    .find((each) => each !== undefined);',
      },
    ]),
    ...inFile(`${format}/zone.ts`, 'format/format.test', [
      {
        what: 'the name of the local zone is a colon and a name',
        find: "TZ.replace(/^:?(?:\\/usr\\/share\\/zoneinfo\\/)?/, '')",
        replace: 'TZ',
      },
    ]),
    ...inFile(`${format}/zone-abbreviation.ts`, 'format/strftime', [
      {
        what: 'winter has the name of summer',
        find: 'offset === standard ? rule[1] : offset === summer ? rule[3]',
        replace: 'offset === standard ? rule[3] : offset === summer ? rule[1]',
      },
      {
        what: 'the sign of a zone in the time zone database is taken for that of its offset',
        find: "(text.startsWith('-') ? 1 : -1)",
        replace: "(text.startsWith('-') ? -1 : 1)",
      },
      {
        what: 'a zone without letters has its signs of the database in its name',
        find: "abbreviation?.replace(/[<>]/g, '')",
        replace: 'abbreviation',
      },
    ]),
    ...inFile('packages/mq-native/src/time-zone.ts', 'format/local-zone', [
      {
        what: 'any file is taken for that of a time zone',
        find: "readSync(file, head) === 4 && head.toString('latin1') === 'TZif'",
        replace: 'readSync(file, head) === 4',
      },
      {
        what: 'a name that is no time zone is taken for UTC without a word',
        find: "name === '' || name === 'UTC' || POSIX_ZONE.test(name)",
        replace: "name === '' || name === 'UTC' || /^[A-Za-z<>]/.test(name)",
      },
    ]),
    ...inFile('packages/mq-native/native/libc.c', 'mq-native/libc', [
      {
        what: 'a zone that the program has set is not heeded',
        find: '  tzset();\n',
        replace: '',
        accepted: 'Node.js calls tzset itself when a program sets TZ; this is for code that sets it in C',
      },
      {
        what: 'months have the names of the machine’s language',
        find: 'newlocale(LC_ALL_MASK, "C", (locale_t)0)',
        replace: 'newlocale(LC_ALL_MASK, "", (locale_t)0)',
        accepted: 'it shows only where other locales are installed, which no test may assume',
      },
    ]),
  ],
};
