/** The part of the strftime package (which has no types of its own) that is used here. */
declare module 'strftime' {
  interface Locale {
    readonly days: readonly string[];
    readonly shortDays: readonly string[];
    readonly months: readonly string[];
    readonly shortMonths: readonly string[];
    readonly AM: string;
    readonly PM: string;
    readonly am: string;
    readonly pm: string;
    readonly formats: Readonly<Record<'c' | 'D' | 'F' | 'R' | 'r' | 'T' | 'v' | 'X' | 'x', string>>;
  }
  interface Strftime {
    (pattern: string, date: Date): string;
    localize(locale: Locale): Strftime;
  }
  const strftime: Strftime;
  export default strftime;
}
