/** The kinds of objects. */
export type KindName = 'queues' | 'segments' | 'semaphores';

/** In the order in which they are shown. */
export const KIND_NAMES: readonly KindName[] = ['queues', 'segments', 'semaphores'];
