/** What a host tells its parent. */
export type Report =
  /** Its sender has ended after so many messages. */
  | { readonly kind: 'sent'; readonly messages: number }
  /** Its bridge was killed. */
  | { readonly kind: 'killed' };

/** What the parent tells a host: kill the bridge; end once the queue is empty. */
export const KILL = 'kill';
export const FINISH = 'finish';

export const KEY = 0x80;
export const STREAM = 'FLEET';
