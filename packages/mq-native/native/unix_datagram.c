/* One datagram to a Unix socket, which Node can't send: what sd_notify(3) is made of. */
#include "addon.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SOCK_CLOEXEC
#define SOCK_CLOEXEC 0
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* 0 or -errno. A path that begins with @ is an abstract address (unix(7)). */
static int send_datagram(const char *path, const char *text) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if (length >= sizeof to.sun_path) return -ENAMETOOLONG;
  memcpy(to.sun_path, path, length);
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd == -1) return -errno;
  /* A receiver that is stuck, with a full buffer, holds up the loop for so long and no longer. */
  const struct timeval second = {.tv_sec = 1};
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof second);
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  int result = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&to, size) == -1 ? -errno : 0;
  close(fd);
  return result;
}

/* sendUnixDatagram(path, text): 0 or -errno. */
static napi_value send_unix_datagram(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  addon_arguments(env, info, 2, arguments);
  char *path, *text = NULL;
  int result = text_argument(env, arguments[0], &path);
  if (result == 0) result = text_argument(env, arguments[1], &text);
  if (result == 0) result = send_datagram(path, text);
  free(text);
  free(path);
  return int_result(env, result);
}

void unix_datagram_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "sendUnixDatagram", send_unix_datagram);
}
