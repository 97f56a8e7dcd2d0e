import { checkBoolean, typeError } from '../errors/argument-error.js';

/** How a handle receives. */
export interface HandleOptions {
  /** For its receives that do not say so themselves (see ReceiveOptions); true if not given. */
  readonly handOver?: boolean | undefined;
}

/** The same, checked and complete. */
export type CheckedHandle = Readonly<Record<keyof HandleOptions, boolean>>;

/** @throws TypeError */
export function checkHandle(options: HandleOptions): CheckedHandle {
  if (typeof options !== 'object' || options === null) throw typeError('options', 'an object', options);
  return { handOver: checkBoolean('handOver', options.handOver ?? true) };
}
