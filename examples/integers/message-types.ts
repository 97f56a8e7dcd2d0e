/** The messages between the two processes, by type. */
export const INTEGER = 1;
export const PRINTED = 2;
