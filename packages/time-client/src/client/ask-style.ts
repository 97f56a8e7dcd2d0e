/** How to ask a server; `auto` finds out where that is safe. */
export type AskStyle = (typeof ASK_STYLES)[number];

export const ASK_STYLES = ['auto', 'addressed', 'shared', 'pid', 'pid+3'] as const;

/** Where a classic server answered: at type 3, at the number in the request, or at that plus 3. */
export type ClassicStyle = Extract<AskStyle, 'shared' | 'pid' | 'pid+3'>;
