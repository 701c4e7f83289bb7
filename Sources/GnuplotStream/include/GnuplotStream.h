// A small C interface to gnuplot-iostream: the only way in which Swift code talks to gnuplot.

#ifndef GNUPLOT_STREAM_H
#define GNUPLOT_STREAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a run of gnuplot ended.
typedef enum {
  /// It read everything and left with the exit status in `code`.
  GNUPLOT_EXITED = 0,
  /// It was ended by the signal in `code`.
  GNUPLOT_KILLED = 1,
  /// It was ended by us after the time limit.
  GNUPLOT_TIMED_OUT = 2,
  /// It could not be started; `code` is the `errno`.
  GNUPLOT_NOT_STARTED = 3,
} GnuplotEnding;

/// What is left of a run: how it ended, and what gnuplot wrote. Release with `gnuplot_result_release`.
typedef struct {
  GnuplotEnding ending;
  int code;
  /// What gnuplot wrote to its standard error and standard output; never NULL, at most 64 kB of it.
  char *messages;
} GnuplotResult;

/// Starts `program` (looked up in PATH, no shell in between), sends it `script` through gnuplot-iostream, and waits.
///
/// Never raises SIGPIPE, never throws, and never takes longer than `seconds` and a little: after that the process and
/// its children are ended.
GnuplotResult gnuplot_run(const char *program, const char *const *arguments, const char *script, size_t length,
                          double seconds);

/// Frees the messages of a result.
void gnuplot_result_release(GnuplotResult result);

/// A gnuplot that stays, for a live window. NULL where it could not be started.
typedef struct GnuplotSession GnuplotSession;
GnuplotSession *gnuplot_session_open(const char *program);

/// Sends a script; returns 0, or -1 where gnuplot is gone or does not read within `seconds`.
int gnuplot_session_send(GnuplotSession *session, const char *script, size_t length, double seconds);

/// Ends the session; the window stays if `persists`.
void gnuplot_session_close(GnuplotSession *session);

#ifdef __cplusplus
}
#endif

#endif
