import { CLASSIC_REPLY } from '@timeq/time-protocol';

/**
 * Where classic requests are answered: all at type 3, at the pid in their body, at that pid plus 3, or wherever each
 * client waits.
 */
export type ReplyStyle = 'auto' | 'shared' | 'pid' | 'pid+3';

/** Types below are those of requests, stops and shared replies. */
const LOWEST_OWN_TYPE = CLASSIC_REPLY + 1;

/** The type at which a client of a style waits that sent this pid; undefined if it sent none, and shares type 3. */
export function replyTypeOf(style: Exclude<ReplyStyle, 'auto'>, pid: number | undefined): number {
  if (style === 'shared' || pid === undefined) return CLASSIC_REPLY;
  const type = style === 'pid' ? pid : pid + CLASSIC_REPLY;
  return type < LOWEST_OWN_TYPE ? CLASSIC_REPLY : type;
}

/** The types at which a client that sent this pid may wait, each once. */
export function placesOf(pid: number): number[] {
  const types = (['pid+3', 'pid', 'shared'] as const).map((style) => replyTypeOf(style, pid));
  return [...new Set(types)];
}
