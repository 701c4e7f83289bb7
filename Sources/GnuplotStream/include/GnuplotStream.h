// A small C interface to gnuplot-iostream: the only way in which Swift code talks to gnuplot.

#ifndef GNUPLOT_STREAM_H
#define GNUPLOT_STREAM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// gnuplot-iostream on a pipe into a gnuplot that somebody else has started, and stops.
typedef struct GnuplotStream GnuplotStream;

/// Takes over the pipe's end; NULL where that is not possible, and the end is closed.
GnuplotStream *gnuplot_stream_open(int descriptor);

/// Sends a script and waits until gnuplot has taken it; returns 0, or -1 where gnuplot is gone.
///
/// Never raises SIGPIPE, never throws.
int gnuplot_stream_send(GnuplotStream *stream, const char *script, size_t length);

/// Closes the pipe, the end of gnuplot's input.
void gnuplot_stream_close(GnuplotStream *stream);

#ifdef __cplusplus
}
#endif

#endif
