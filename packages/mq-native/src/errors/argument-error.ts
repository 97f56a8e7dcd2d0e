import { inspect } from 'node:util';

function shown(value: unknown): string {
  const text = inspect(value, { depth: 0, maxStringLength: 40, breakLength: Infinity });
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** An argument of the wrong type, reported as Node's own functions do. */
export function typeError(name: string, expected: string, value: unknown): TypeError {
  const error = new TypeError(`"${name}" must be ${expected}; got ${shown(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** An argument of the right type that can't be used. */
export function rangeError(name: string, expected: string, value: unknown): RangeError {
  const error = new RangeError(`"${name}" must be ${expected}; got ${shown(value)}`);
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

/** The value, if it is an integer from `least` to `most`. */
export function checkInteger(name: string, value: number, least: number, most: number): number {
  if (typeof value !== 'number') throw typeError(name, 'a number', value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw rangeError(name, `an integer from ${least} to ${most}`, value);
  }
  return value;
}

/** The value, if it is true or false: a truthy value is most often a mistake. */
export function checkBoolean(name: string, value: boolean): boolean {
  if (typeof value !== 'boolean') throw typeError(name, 'true or false', value);
  return value;
}
