/* FreeBSD has it here: what the addon uses of it. */
#include <pthread.h>

int pthread_main_np(void);
