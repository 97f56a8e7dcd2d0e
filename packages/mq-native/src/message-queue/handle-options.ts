import { checkBoolean, typeError } from '../errors/argument-error.js';

/** How a handle receives. */
export interface HandleOptions {
  /** For its receives that do not say so themselves (see ReceiveOptions); true if not given. */
  readonly handOver?: boolean | undefined;
  /**
   * What memory the bodies that it receives and peeks have. 'shared', which is the default: bodies that came together are
   * views of one ArrayBuffer. 'own': each has an ArrayBuffer to itself, which can be transferred, for one copy more.
   */
  readonly bodies?: 'shared' | 'own' | undefined;
}

/** The same, checked and complete. */
export type CheckedHandle = {
  readonly [Option in keyof HandleOptions]-?: NonNullable<HandleOptions[Option]>;
};

/** @throws TypeError */
export function checkHandle(options: HandleOptions): CheckedHandle {
  if (typeof options !== 'object' || options === null) throw typeError('options', 'an object', options);
  const { handOver = true, bodies = 'shared' } = options;
  if (bodies !== 'shared' && bodies !== 'own') throw typeError('bodies', "'shared' or 'own'", bodies);
  return { handOver: checkBoolean('handOver', handOver), bodies };
}
