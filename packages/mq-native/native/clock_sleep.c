#include "clock_sleep.h"

#include "clock.h"

#include <errno.h>

#ifdef __APPLE__

/* macOS has no absolute sleep: it looks again at least each second, in case the clock was set. */
int clock_sleep_until(clockid_t clock, int64_t moment) {
  for (;;) {
    int64_t left = moment - clock_nanoseconds(clock);
    if (left <= 0) return 0;
    struct timespec pause = {.tv_sec = 1};
    if (left < NANOSECONDS_PER_SECOND) pause = (struct timespec){.tv_nsec = (long)left};
    if (nanosleep(&pause, NULL) == -1) return -errno;
  }
}

#else

int clock_sleep_until(clockid_t clock, int64_t moment) {
  /* Negative seconds are EINVAL (clock_nanosleep(2)), and always over. */
  if (moment <= 0) return 0;
  const struct timespec until = {
      .tv_sec = (time_t)(moment / NANOSECONDS_PER_SECOND),
      .tv_nsec = (long)(moment % NANOSECONDS_PER_SECOND),
  };
  return -clock_nanosleep(clock, TIMER_ABSTIME, &until, NULL);
}

#endif
