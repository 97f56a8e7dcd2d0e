/**
 * The C library's text of an error code. It is loaded where there is an error to tell: it comes with the addon, which may
 * be what is missing, and then the code is its own text.
 */
export async function errorTextOf(code: string): Promise<string> {
  try {
    return (await import('@timeq/mq-native/libc')).errorText(code);
  } catch {
    return code;
  }
}
