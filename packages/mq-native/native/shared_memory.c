/*
 * shmget, shmat and shmdt. An attached segment is an ArrayBuffer whose memory is the segment itself. Script
 * can't reach that memory after shmdt(), but Node may still use it: a file read, a compression or random
 * bytes may be pending in other threads, which know only the address. So shmdt() maps blank memory in the
 * segment's place. The addresses are unmapped when both of their users are gone: the ArrayBuffer, which
 * pending operations hold, and its memory, which script can have moved into another ArrayBuffer.
 *
 * All of this happens on the thread of the environment that attached.
 */
#include "addon.h"
#include "namespace.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

/* shmget(key, bytes, flags): the segment's id. */
static napi_value segment_get(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  addon_arguments(env, info, 3, arguments);
  return call_result(env, namespace_shmget((key_t)int_argument(env, arguments[0]),
                                           (size_t)double_argument(env, arguments[1]),
                                           int_argument(env, arguments[2])));
}

struct attachment {
  void *address; /* NULL: nothing to unmap */
  size_t bytes;  /* of the segment */
  size_t mapped; /* by shmdt(), in the segment's place; 0: the segment is there */
  int users;     /* of the addresses */
};

/* Marks our ArrayBuffers. */
static const napi_type_tag attachment_tag = {0x2d1c9a54c77b4e0fULL, 0x9be0f0d5a8c1634eULL};

static void finalize_user(napi_env env, void *data, void *hint) {
  (void)env;
  struct attachment *attachment = hint != NULL ? hint : data;
  assert(attachment->users > 0);
  if (--attachment->users > 0) return;
  if (attachment->mapped > 0)
    munmap(attachment->address, attachment->mapped);
  else if (attachment->address != NULL)
    shmdt(attachment->address);
  free(attachment);
}

/* Only while it is attached does the id certainly mean this segment. 0 or -errno. */
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
  *attachment = (struct attachment){.address = address, .bytes = bytes, .users = 1};
  napi_status status =
      napi_create_external_arraybuffer(env, address, bytes, finalize_user, attachment, buffer);
  if (status != napi_ok) {
    shmdt(address);
    attachment->address = NULL;
    /* In every other case Node may still call the finalizer of the buffer that it failed to make. */
    if (status != napi_no_external_buffers_allowed) return -ENOMEM;
    free(attachment);
    return -ENOTSUP;
  }
  /* If one of these fails, the finalizer of the memory frees everything. */
  if (napi_type_tag_object(env, *buffer, &attachment_tag) != napi_ok ||
      napi_wrap(env, *buffer, attachment, finalize_user, NULL, NULL) != napi_ok) {
    return -ENOMEM;
  }
  attachment->users++;
  return 0;
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

static size_t rounded_up(size_t bytes, size_t page) {
  return (bytes + page - 1) / page * page;
}

static int map_blank(void *address, size_t bytes) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
  return mmap(address, bytes, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED ? -errno : 0;
}

/* Maps blank memory at the addresses of the segment, which detaches it. 0 or -errno. */
static int replace_segment(struct attachment *attachment) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t bytes = rounded_up(attachment->bytes, page);
#ifdef __linux__
  /* In one step. A segment of huge pages (SHM_HUGETLB) is longer, and a part of a huge page is refused. */
  enum { HUGE_PAGES_END = 35 };
  int result = map_blank(attachment->address, bytes);
  while (result == -EINVAL && page < (size_t)1 << HUGE_PAGES_END) {
    page *= 2;
    bytes = rounded_up(attachment->bytes, page);
    result = map_blank(attachment->address, bytes);
  }
#else
  /* Here shmdt(2) unmaps whatever is at the addresses, so it has to come first. */
  if (shmdt(attachment->address) == -1) return -errno;
  int result = map_blank(attachment->address, bytes);
  if (result != 0) attachment->address = NULL;
#endif
  if (result == 0) attachment->mapped = bytes;
  return result;
}

/* The attachment of an ArrayBuffer; NULL if it is not ours, or has no memory any more. */
static struct attachment *attachment_of(napi_env env, napi_value buffer) {
  void *address = NULL, *attachment = NULL;
  size_t bytes = 0;
  bool ours = false;
  if (napi_get_arraybuffer_info(env, buffer, &address, &bytes) != napi_ok || address == NULL) return NULL;
  if (napi_check_object_type_tag(env, buffer, &attachment_tag, &ours) != napi_ok || !ours) return NULL;
  return napi_unwrap(env, buffer, &attachment) == napi_ok ? attachment : NULL;
}

/* shmdt(buffer): 0; -EINVAL if script has moved the memory into another ArrayBuffer, which then keeps it. */
static napi_value segment_detach(napi_env env, napi_callback_info info) {
  napi_value buffer;
  addon_arguments(env, info, 1, &buffer);
  struct attachment *attachment = attachment_of(env, buffer);
  if (attachment == NULL) return int_result(env, -EINVAL);
  /* First, while script can still be told of a failure. */
  int result = replace_segment(attachment);
  if (result != 0) return int_result(env, result);
  return int_result(env, napi_detach_arraybuffer(env, buffer) == napi_ok ? 0 : -EBUSY);
}

/* shmLock(id, on): 0. The pages stay in memory, and count towards the limit of the segment's locker. */
#ifdef __linux__
static napi_value segment_lock(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  addon_arguments(env, info, 2, arguments);
  int command = int_argument(env, arguments[1]) != 0 ? SHM_LOCK : SHM_UNLOCK;
  return call_result(env, shmctl(int_argument(env, arguments[0]), command, NULL));
}
#else
#define segment_lock addon_unsupported
#endif

void shared_memory_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "shmget", segment_get);
  addon_export(env, exports, "shmat", segment_attach);
  addon_export(env, exports, "shmdt", segment_detach);
  addon_export(env, exports, "shmLock", segment_lock);
}
