/* The differences between the System V families of the platforms, in one place. */
#ifndef TIMEQ_SYSTEM_V_H
#define TIMEQ_SYSTEM_V_H

#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>

#if defined(__APPLE__)
#define PERM_KEY(perm) ((perm)._key)
#elif defined(__FreeBSD__)
#define PERM_KEY(perm) ((perm).key)
#else
#define PERM_KEY(perm) ((perm).__key)
#endif

/* Linux has these since 3.8 and 4.17, C libraries' headers since later. Elsewhere they are refused. */
#ifndef MSG_EXCEPT
#define MSG_EXCEPT 020000
#endif
#ifndef MSG_COPY
#define MSG_COPY 040000
#endif
#ifndef SHM_DEST
#define SHM_DEST 01000
#endif
#ifndef SHM_LOCKED
#define SHM_LOCKED 02000
#endif
/* Elsewhere the kernel would ignore these flags: a peek would take the message, an exception would select. */
#ifdef __linux__
enum { UNKNOWN_FLAGS = 0 };
#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif
#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif
#else
enum { UNKNOWN_FLAGS = MSG_EXCEPT | MSG_COPY };
#endif

#endif
