// The implementation of GnuplotStream.h with gnuplot-iostream.
//
// gnuplot-iostream can start gnuplot itself, but only through `popen`, which runs a shell, reports neither the process
// id nor the exit status, and waits without a limit. So the caller starts the process and passes the pipe to this file.

#include "GnuplotStream.h"

#include <gnuplot-iostream.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <unistd.h>

struct GnuplotStream {
  std::unique_ptr<Gnuplot> stream;
};

namespace {

/// Blocks SIGPIPE in this thread while it writes to a gnuplot that may have exited: the write fails with EPIPE instead.
/// A process-wide `SIG_IGN` would change how the whole program behaves in a pipe.
class WithoutSigpipe {
public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    wasPending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    sigset_t pending;
    sigpending(&pending);
    if (!wasPending_ && sigismember(&pending, SIGPIPE) == 1) {
      int signal;
      sigwait(&pipe_, &signal);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

private:
  sigset_t pipe_, before_;
  bool wasPending_;
};

}  // namespace

extern "C" GnuplotStream *gnuplot_stream_open(int descriptor) {
  FILE *file = fdopen(descriptor, "w");
  if (!file) {
    close(descriptor);
    return nullptr;
  }
  try {
    auto opened = std::make_unique<GnuplotStream>();
    opened->stream = std::make_unique<Gnuplot>(file);  // Its destructor closes the file.
    return opened.release();
  } catch (...) {
    std::fclose(file);
    return nullptr;
  }
}

extern "C" int gnuplot_stream_send(GnuplotStream *stream, const char *script, size_t length) {
  if (!stream) return -1;
  WithoutSigpipe quiet;
  try {
    stream->stream->write(script, static_cast<std::streamsize>(length));
    *stream->stream << std::endl;
    return stream->stream->good() ? 0 : -1;
  } catch (...) {
    return -1;
  }
}

extern "C" void gnuplot_stream_close(GnuplotStream *stream) {
  WithoutSigpipe quiet;
  delete stream;
}
