import { checkBoolean, typeError } from '../errors/argument-error.js';

/** How a handle receives. */
export interface HandleOptions {
  /** The default of its receives (see ReceiveOptions); true if not given. */
  readonly handOver?: boolean | undefined;
  /**
   * The memory of received and peeked bodies. 'shared', the default: bodies that arrived together are views of one
   * ArrayBuffer. 'own': each has its own ArrayBuffer, which can be transferred, at the cost of one copy.
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
