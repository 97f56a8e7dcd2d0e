/** What the two processes say to each other, by message type. */
export const INTEGER = 1;
export const PRINTED = 2;
