#include "loop_call.h"

#include <stdlib.h>

/*
 * The part of libuv that is used. Its header is not part of Node-API; these functions have been the same in
 * all of libuv 1, which tells a handle's size before it is made and never needs to be looked into.
 */
struct uv_handle_s;
enum { UV_ASYNC = 1 };
size_t uv_handle_size(int type);
void *uv_handle_get_data(const struct uv_handle_s *handle);
void uv_handle_set_data(struct uv_handle_s *handle, void *data);
int uv_async_init(struct uv_loop_s *loop, struct uv_handle_s *async, void (*run)(struct uv_handle_s *));
int uv_async_send(struct uv_handle_s *async);
void uv_ref(struct uv_handle_s *handle);
void uv_unref(struct uv_handle_s *handle);
void uv_close(struct uv_handle_s *handle, void (*closed)(struct uv_handle_s *));

struct loop_call {
  loop_callback *run;
  loop_callback *closed;
  void *context;
  struct uv_handle_s *async;
};

static void run_call(struct uv_handle_s *async) {
  struct loop_call *call = uv_handle_get_data(async);
  call->run(call->context);
}

struct loop_call *loop_call_create(napi_env env, loop_callback *run, void *context) {
  struct uv_loop_s *loop;
  struct loop_call *call = malloc(sizeof *call);
  struct uv_handle_s *async = malloc(uv_handle_size(UV_ASYNC));
  if (call == NULL || async == NULL || napi_get_uv_event_loop(env, &loop) != napi_ok ||
      uv_async_init(loop, async, run_call) != 0) {
    free(async);
    free(call);
    return NULL;
  }
  *call = (struct loop_call){.run = run, .context = context, .async = async};
  uv_handle_set_data(async, call);
  uv_unref(async);
  return call;
}

void loop_call_wake(struct loop_call *call) {
  uv_async_send(call->async);
}

void loop_call_keep_alive(struct loop_call *call, bool keep) {
  if (keep)
    uv_ref(call->async);
  else
    uv_unref(call->async);
}

static void finish_close(struct uv_handle_s *async) {
  struct loop_call *call = uv_handle_get_data(async);
  call->closed(call->context);
  free(call);
  free(async);
}

void loop_call_close(struct loop_call *call, loop_callback *closed) {
  call->closed = closed;
  uv_close(call->async, finish_close);
}
