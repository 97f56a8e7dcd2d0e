/*
 * What the C library knows and Node does not expose: error texts, times of the local zone, names of users and
 * groups (from the services that nsswitch.conf(5) names) and the page size. All texts are those of the C
 * locale, whatever locale the program has set.
 */
#include "addon.h"

#include <errno.h>
#include <grp.h>
#include <locale.h>
#include <pthread.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#ifndef __linux__
#if __has_include(<xlocale.h>)
#include <xlocale.h> /* strftime_l and strerror_l of macOS and FreeBSD */
#endif
#endif

static locale_t the_c_locale;
static pthread_once_t locale_once = PTHREAD_ONCE_INIT;

static void make_c_locale(void) {
  the_c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static locale_t c_locale(void) {
  pthread_once(&locale_once, make_c_locale);
  return the_c_locale;
}

static napi_value undefined_result(napi_env env) {
  napi_value value = NULL;
  napi_get_undefined(env, &value);
  return value;
}

static napi_value text_result(napi_env env, const char *text) {
  napi_value value = NULL;
  if (text == NULL) return undefined_result(env);
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

/* strerror(errno): the text of an error. */
static napi_value error_text(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
#ifdef __APPLE__
  char text[256] = "";
  strerror_r(int_argument(env, argument), text, sizeof text);
  return text_result(env, text);
#else
  return text_result(env, strerror_l(int_argument(env, argument), c_locale()));
#endif
}

/* False if there is no such time: a year beyond int. */
static bool local_time_of(double second, struct tm *tm) {
  time_t time = (time_t)second;
  /* localtime_r need not read TZ again, and a program may set it. */
  tzset();
  errno = EOVERFLOW;
  return localtime_r(&time, tm) != NULL;
}

/* localTime(second): 0. The fields are year, month from 0, day, hour, minute, second, weekday from Sunday. */
static napi_value local_time(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct addon *addon = addon_arguments(env, info, 1, &argument);
  struct tm tm;
  if (!local_time_of(double_argument(env, argument), &tm)) return int_result(env, -errno);
  const double parts[] = {
      tm.tm_year + 1900.0, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday,
  };
  for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++)
    addon->fields[index] = parts[index];
  return int_result(env, 0);
}

/* strftime(second, format): the local time as the format has it; undefined where it has more than 255 bytes.
 */
static napi_value format_time(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  addon_arguments(env, info, 2, arguments);
  struct tm tm;
  char text[256];
  char *format;
  bool done = text_argument(env, arguments[1], &format) == 0 &&
              local_time_of(double_argument(env, arguments[0]), &tm) &&
              strftime_l(text, sizeof text, format, &tm, c_locale()) > 0;
  free(format);
  return text_result(env, done ? text : NULL);
}

/*
 * clockState(): 0 or -errno. The fields are what adjtimex(2) returns, such as TIME_INS or TIME_ERROR, the
 * maximum and the estimated error in microseconds, and how many seconds TAI is ahead of UTC, 0 if the kernel
 * was not told. Reads only.
 */
static napi_value clock_state(napi_env env, napi_callback_info info) {
  (void)info;
  struct addon *addon = addon_of(env);
#ifdef __linux__
  struct timex clock = {0};
  int state = adjtimex(&clock);
#else
  struct ntptimeval clock = {0};
  int state = ntp_gettime(&clock);
#endif
  if (state == -1) return int_result(env, -errno);
  const double parts[] = {state, (double)clock.maxerror, (double)clock.esterror, (double)clock.tai};
  for (size_t index = 0; index < sizeof parts / sizeof parts[0]; index++)
    addon->fields[index] = parts[index];
  return int_result(env, 0);
}

/* sysconf(_SC_PAGESIZE): bytes of a page. */
static napi_value page_size(napi_env env, napi_callback_info info) {
  (void)info;
  return double_result(env, (double)sysconf(_SC_PAGESIZE));
}

/* The largest entry of a database that gets memory: a group with some ten thousand members. */
enum { FIRST_ENTRY_BYTES = 1024, MOST_ENTRY_BYTES = 1 << 22 };

/* getpwnam(3) has several errors for an unknown name; these mean that the look-up failed. 0 or -errno. */
static int found_or_not(int error, bool found) {
  static const int of_asking[] = {EINTR, EIO, EMFILE, ENFILE, ENOMEM};
  for (size_t i = 0; i < sizeof of_asking / sizeof of_asking[0]; i++) {
    if (error == of_asking[i]) return -error;
  }
  return error == 0 && found ? 0 : -ENOENT;
}

/*
 * The user with a name, or with an id if the name is NULL. Its texts are in `room`, which the caller frees in
 * any case. 0, -ENOENT if there is none, or another -errno.
 */
static int find_user(const char *name, uid_t uid, struct passwd *user, char **room) {
  struct passwd *found = NULL;
  int error = ERANGE;
  *room = NULL;
  for (size_t bytes = FIRST_ENTRY_BYTES; error == ERANGE && bytes <= MOST_ENTRY_BYTES; bytes *= 4) {
    free(*room);
    *room = malloc(bytes);
    if (*room == NULL) return -ENOMEM;
    error = name != NULL ? getpwnam_r(name, user, *room, bytes, &found)
                         : getpwuid_r(uid, user, *room, bytes, &found);
  }
  return found_or_not(error, found != NULL);
}

/* The same for a group. */
static int find_group(const char *name, gid_t gid, struct group *group, char **room) {
  struct group *found = NULL;
  int error = ERANGE;
  *room = NULL;
  for (size_t bytes = FIRST_ENTRY_BYTES; error == ERANGE && bytes <= MOST_ENTRY_BYTES; bytes *= 4) {
    free(*room);
    *room = malloc(bytes);
    if (*room == NULL) return -ENOMEM;
    error = name != NULL ? getgrnam_r(name, group, *room, bytes, &found)
                         : getgrgid_r(gid, group, *room, bytes, &found);
  }
  return found_or_not(error, found != NULL);
}

/* userName(uid): undefined where it has none. */
static napi_value user_name(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  struct passwd user;
  char *room;
  bool found = find_user(NULL, (uid_t)double_argument(env, argument), &user, &room) == 0;
  napi_value name = text_result(env, found ? user.pw_name : NULL);
  free(room);
  return name;
}

/* groupName(gid): undefined where it has none. */
static napi_value group_name(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  struct group group;
  char *room;
  bool found = find_group(NULL, (gid_t)double_argument(env, argument), &group, &room) == 0;
  napi_value name = text_result(env, found ? group.gr_name : NULL);
  free(room);
  return name;
}

static napi_value id_result(napi_env env, int error, unsigned int id) {
  if (error == -ENOENT) return undefined_result(env);
  return double_result(env, error == 0 ? (double)id : error);
}

/* userId(name): undefined if there is no such user; -errno if the look-up failed. */
static napi_value user_id(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  char *name, *room = NULL;
  struct passwd user = {0};
  int error = text_argument(env, argument, &name);
  if (error == 0) error = find_user(name, 0, &user, &room);
  free(room);
  free(name);
  return id_result(env, error, user.pw_uid);
}

/* groupId(name): likewise. */
static napi_value group_id(napi_env env, napi_callback_info info) {
  napi_value argument;
  addon_arguments(env, info, 1, &argument);
  char *name, *room = NULL;
  struct group group = {0};
  int error = text_argument(env, argument, &name);
  if (error == 0) error = find_group(name, 0, &group, &room);
  free(room);
  free(name);
  return id_result(env, error, group.gr_gid);
}

void libc_exports(napi_env env, napi_value exports) {
  addon_export(env, exports, "strerror", error_text);
  addon_export(env, exports, "localTime", local_time);
  addon_export(env, exports, "strftime", format_time);
  addon_export(env, exports, "clockState", clock_state);
  addon_export(env, exports, "pageSize", page_size);
  addon_export(env, exports, "userName", user_name);
  addon_export(env, exports, "groupName", group_name);
  addon_export(env, exports, "userId", user_id);
  addon_export(env, exports, "groupId", group_id);
}
