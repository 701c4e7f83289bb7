// A small C interface to gnuplot-iostream: the only way in which Swift code communicates with gnuplot.

#ifndef GNUPLOT_STREAM_H
#define GNUPLOT_STREAM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// gnuplot-iostream on a pipe to a gnuplot process that the caller starts and stops.
typedef struct GnuplotStream GnuplotStream;

/// Takes ownership of the write end of a pipe. Returns NULL if that fails; the descriptor is then closed.
GnuplotStream *gnuplot_stream_open(int descriptor);

/// Sends a script and waits until gnuplot has read it. Returns 0, or −1 if gnuplot has exited.
///
/// It never raises SIGPIPE and never throws.
int gnuplot_stream_send(GnuplotStream *stream, const char *script, size_t length);

/// Closes the pipe, which ends gnuplot's input.
void gnuplot_stream_close(GnuplotStream *stream);

#ifdef __cplusplus
}
#endif

#endif
