/** The addon could not be loaded; the message is one sentence with the cause and the next step. */
export class AddonError extends Error {
  override readonly name = 'AddonError';
  readonly code = 'ERR_TIMEQ_ADDON';
}
