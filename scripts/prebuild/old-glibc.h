/*
 * Links functions that glibc 2.32 to 2.34 moved into libc.so to the versions that they had before, which
 * every glibc since still has. scripts/prebuild/symbols.js finds the next one that is missing here.
 */
#ifdef __x86_64__
#define FIRST "GLIBC_2.2.5"
#define SECOND "GLIBC_2.3.3"
#else
#define FIRST "GLIBC_2.17"
#define SECOND "GLIBC_2.17"
#endif

#define OLD(function, version) __asm__(".symver " #function "," #function "@" version)

OLD(dladdr, FIRST);
OLD(dlopen, FIRST);
OLD(pthread_attr_setstacksize, FIRST);
OLD(pthread_create, FIRST);
OLD(pthread_detach, FIRST);
OLD(pthread_join, FIRST);
OLD(pthread_kill, FIRST);
OLD(pthread_once, FIRST);
OLD(pthread_sigmask, FIRST);
OLD(pthread_condattr_setclock, SECOND);
OLD(timer_create, SECOND);
OLD(timer_delete, SECOND);
OLD(timer_settime, SECOND);
