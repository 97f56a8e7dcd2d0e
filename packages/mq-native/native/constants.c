/* The flags that script passes to the kernel, as this platform's headers have them. */
#include "addon.h"
#include "semaphore_undo.h"
#include "system_v.h"

void constant_exports(napi_env env, napi_value exports) {
  static const struct constant {
    const char *name;
    int value;
  } constants[] = {
      {"IPC_CREAT", IPC_CREAT},   {"IPC_EXCL", IPC_EXCL},
      {"IPC_NOWAIT", IPC_NOWAIT}, {"MSG_NOERROR", MSG_NOERROR},
      {"MSG_EXCEPT", MSG_EXCEPT}, {"MSG_COPY", MSG_COPY},
      {"SEM_UNDO", SEM_UNDO},     {"SHM_DEST", SHM_DEST},
      {"SHM_LOCKED", SHM_LOCKED}, {"SEM_UNDO_THREAD", SEM_UNDO_THREAD},
  };
  for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
    addon_export_constant(env, exports, constants[i].name, constants[i].value);
}
