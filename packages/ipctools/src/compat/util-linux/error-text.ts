/**
 * The C library's text for an error code. It is loaded only for an error: it comes with the addon, which may be the
 * missing part, and then the code is its own text.
 */
export async function errorTextOf(code: string): Promise<string> {
  try {
    return (await import('@timeq/mq-native/libc')).errorText(code);
  } catch {
    return code;
  }
}
