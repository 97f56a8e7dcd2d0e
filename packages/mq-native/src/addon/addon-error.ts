/** The addon can't be had; the message is one sentence that says why and what to do. */
export class AddonError extends Error {
  override readonly name = 'AddonError';
  readonly code = 'ERR_TIMEQ_ADDON';
}
