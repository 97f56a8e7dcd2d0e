/*
 * shmat and shmdt. An attached segment is an ArrayBuffer whose memory is the segment itself, and it must
 * never be unmapped under an ArrayBuffer that script can still reach. So it is unmapped in two places only:
 * by shmdt(), after the ArrayBuffer was made unusable, and by the finalizer of an ArrayBuffer that is gone
 * (collected, or at the end of its environment).
 */
#include "addon.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/shm.h>

struct attachment {
  void *address; /* NULL: unmapped */
  struct attachment *next;
};

/* Addresses belong to the process, so that workers share the list. */
static pthread_mutex_t attachments_lock = PTHREAD_MUTEX_INITIALIZER;
static struct attachment *attachments;

static void remember(struct attachment *attachment) {
  pthread_mutex_lock(&attachments_lock);
  attachment->next = attachments;
  attachments = attachment;
  pthread_mutex_unlock(&attachments_lock);
}

static void forget(struct attachment *attachment) {
  pthread_mutex_lock(&attachments_lock);
  for (struct attachment **link = &attachments; *link != NULL; link = &(*link)->next) {
    if (*link != attachment) continue;
    *link = attachment->next;
    break;
  }
  pthread_mutex_unlock(&attachments_lock);
}

static struct attachment *attachment_at(const void *address) {
  struct attachment *found;
  pthread_mutex_lock(&attachments_lock);
  for (found = attachments; found != NULL && found->address != address; found = found->next)
    continue;
  pthread_mutex_unlock(&attachments_lock);
  return found;
}

/* Once, although both shmdt() and the finalizer come here: the address may be somebody else's by then. */
static void unmap(struct attachment *attachment) {
  pthread_mutex_lock(&attachments_lock);
  void *address = attachment->address;
  attachment->address = NULL;
  pthread_mutex_unlock(&attachments_lock);
  if (address != NULL) shmdt(address);
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  struct attachment *attachment = hint;
  unmap(attachment);
  forget(attachment);
  free(attachment);
}

/* Only while it is attached is the id certain to be this very segment's. 0 or -errno. */
static int size_of(int id, double most, size_t *bytes) {
  struct shmid_ds segment;
  if (shmctl(id, IPC_STAT, &segment) == -1) return -errno;
  if ((double)segment.shm_segsz > most) return -EFBIG;
  *bytes = (size_t)segment.shm_segsz;
  return 0;
}

/* An ArrayBuffer on the attached segment, at `*buffer`; without one, the segment is unmapped. 0 or -errno. */
static int make_buffer(napi_env env, void *address, size_t bytes, napi_value *buffer) {
  struct attachment *attachment = malloc(sizeof *attachment);
  if (attachment == NULL) {
    shmdt(address);
    return -ENOMEM;
  }
  attachment->address = address;
  remember(attachment);
  napi_status status = napi_create_external_arraybuffer(env, address, bytes, finalize, attachment, buffer);
  if (status == napi_ok) return 0;
  unmap(attachment);
  /* In every other case Node may still call the finalizer of the buffer that it failed to make. */
  if (status != napi_no_external_buffers_allowed) return -ENOMEM;
  forget(attachment);
  free(attachment);
  return -ENOTSUP;
}

/* shmat(id, readOnly, most): an ArrayBuffer on the segment, or -errno; -EFBIG above `most` bytes. */
static napi_value segment_attach(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  int id = int_argument(env, arguments[0]);
  int flags = int_argument(env, arguments[1]) != 0 ? SHM_RDONLY : 0;
  void *address = shmat(id, NULL, flags);
  if ((intptr_t)address == -1) return int_result(env, -errno);
  size_t bytes = 0;
  napi_value buffer = NULL;
  int result = size_of(id, double_argument(env, arguments[2]), &bytes);
  if (result != 0)
    shmdt(address);
  else
    result = make_buffer(env, address, bytes, &buffer);
  return result == 0 ? buffer : int_result(env, result);
}

/* shmdt(buffer): 0; -EINVAL if script has moved the memory into another ArrayBuffer, which then keeps it. */
static napi_value segment_detach(napi_env env, napi_callback_info info) {
  napi_value buffer;
  void *address = NULL;
  size_t bytes = 0;
  addon_arguments(env, info, 1, &buffer);
  napi_get_arraybuffer_info(env, buffer, &address, &bytes);
  struct attachment *attachment = address == NULL ? NULL : attachment_at(address);
  if (attachment == NULL) return int_result(env, -EINVAL);
  if (napi_detach_arraybuffer(env, buffer) != napi_ok) return int_result(env, -EBUSY);
  unmap(attachment);
  return int_result(env, 0);
}

void shared_memory_attach_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "shmat", segment_attach);
  addon_export(env, exports, "shmdt", segment_detach);
}
