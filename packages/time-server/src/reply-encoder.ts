/** A reply that is encoded when it is sent, so that it tells the time of that moment. */
export interface ReplyEncoder {
  /**
   * The bytes are valid until another reply is encoded at the same place: replies that are sent together use places
   * from 0 on.
   * @param sent the present moment, in nanoseconds since the epoch
   */
  body(sent: bigint, place?: number): Uint8Array;
  /** The number of the alarm that it is the message of. */
  readonly alarm?: number | undefined;
}
