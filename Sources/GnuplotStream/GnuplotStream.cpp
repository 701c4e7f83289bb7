// Talks to gnuplot through gnuplot-iostream, with a time limit and without a shell.
//
// gnuplot-iostream can start gnuplot itself, but only through `popen`, which asks a shell, tells neither the process id
// nor the exit status, and waits for ever. So the process is started here, and gnuplot-iostream is given the pipe.

#include "GnuplotStream.h"

#include <gnuplot-iostream.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

extern char **environ;

namespace {

/// Keeps SIGPIPE from this thread while it writes to a gnuplot that may be gone: the write fails with EPIPE instead.
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

/// A running gnuplot: its process, in a group of its own, and the pipe into it.
struct Process {
  pid_t id = -1;
  FILE *input = nullptr;
  int error = 0;
};

/// Starts gnuplot with a pipe as its input and `output` as its output and error.
Process start(const char *program, const char *const *arguments, int output) {
  static std::mutex one;  // Without pipe2 everywhere, two starts at once could inherit each other's pipes.
  std::lock_guard<std::mutex> lock(one);
  Process process;
  int ends[2];
  if (pipe(ends) != 0) {
    process.error = errno;
    return process;
  }
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, output, 2);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char *> words;
  words.push_back(const_cast<char *>(program));
  for (const char *const *word = arguments; word && *word; ++word) words.push_back(const_cast<char *>(*word));
  words.push_back(nullptr);

  // A program that another thread has only just written may still be held open by a child of its own for a moment.
  for (int attempt = 0; attempt < 50; ++attempt) {
    process.error = posix_spawnp(&process.id, program, &actions, &attributes, words.data(), environ);
    if (process.error != ETXTBSY) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(ends[0]);
  if (process.error != 0) {
    close(ends[1]);
    process.id = -1;
    return process;
  }
  process.input = fdopen(ends[1], "w");
  if (!process.input) {
    process.error = errno;
    close(ends[1]);
    kill(-process.id, SIGKILL);
    waitpid(process.id, nullptr, 0);
    process.id = -1;
  }
  return process;
}

/// Ends a process group when a time has passed, unless told in time that all is well.
class Watchdog {
public:
  Watchdog(pid_t id, double seconds)
      : thread_([this, id, seconds] {
          std::unique_lock<std::mutex> lock(mutex_);
          if (!told_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return isDone_; })) {
            bit_ = true;
            kill(-id, SIGKILL);
          }
        }) {}
  ~Watchdog() { stop(); }

  /// Calls the dog off; returns whether it had to bite.
  bool stop() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      isDone_ = true;
    }
    told_.notify_all();
    if (thread_.joinable()) thread_.join();
    return bit_;
  }

private:
  std::mutex mutex_;
  std::condition_variable told_;
  bool isDone_ = false, bit_ = false;
  std::thread thread_;
};

/// Sends text through gnuplot-iostream; false where gnuplot does not take it.
bool send(FILE *input, const char *script, size_t length) {
  try {
    Gnuplot gnuplot(input);  // Closes the file when it goes.
    gnuplot.write(script, static_cast<std::streamsize>(length));
    gnuplot << std::endl;
    return gnuplot.good();
  } catch (...) {
    return false;
  }
}

/// The first 64 kB of a file, from its start.
char *contents(FILE *file) {
  std::string text;
  if (file) {
    std::rewind(file);
    char buffer[4096];
    size_t count;
    while (text.size() < 65536 && (count = std::fread(buffer, 1, sizeof buffer, file)) > 0) text.append(buffer, count);
  }
  for (char &c : text)
    if (c == '\0') c = ' ';
  char *copy = static_cast<char *>(std::malloc(text.size() + 1));
  if (copy) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

}  // namespace

extern "C" GnuplotResult gnuplot_run(const char *program, const char *const *arguments, const char *script,
                                     size_t length, double seconds) {
  GnuplotResult result = {GNUPLOT_NOT_STARTED, 0, nullptr};
  WithoutSigpipe quiet;
  // A file without a name: nothing is left behind, and gnuplot can never block on a full pipe.
  FILE *output = std::tmpfile();
  if (!output) {
    result.code = errno;
    result.messages = contents(nullptr);
    return result;
  }
  fcntl(fileno(output), F_SETFD, FD_CLOEXEC);
  Process process = start(program, arguments, fileno(output));
  if (process.id < 0) {
    result.code = process.error;
    result.messages = contents(nullptr);
    std::fclose(output);
    return result;
  }
  int status = 0;
  bool late;
  {
    Watchdog watchdog(process.id, seconds);
    send(process.input, script, length);
    // Wait without reaping, so that the watchdog can never reach a process group of the same number that is not ours.
    siginfo_t info;
    while (waitid(P_PID, static_cast<id_t>(process.id), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {}
    late = watchdog.stop();
  }
  while (waitpid(process.id, &status, 0) < 0 && errno == EINTR) {}
  if (late) {
    result.ending = GNUPLOT_TIMED_OUT;
  } else if (WIFSIGNALED(status)) {
    result.ending = GNUPLOT_KILLED;
    result.code = WTERMSIG(status);
  } else {
    result.ending = GNUPLOT_EXITED;
    result.code = WEXITSTATUS(status);
    if (result.code == 127) {  // How some systems report a program that posix_spawn could not start.
      result.ending = GNUPLOT_NOT_STARTED;
      result.code = ENOENT;
    }
  }
  result.messages = contents(output);
  std::fclose(output);
  return result;
}

extern "C" void gnuplot_result_release(GnuplotResult result) { std::free(result.messages); }

struct GnuplotSession {
  pid_t id;
  std::unique_ptr<Gnuplot> stream;
};

extern "C" GnuplotSession *gnuplot_session_open(const char *program) {
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return nullptr;
  const char *const arguments[] = {"-d", "--persist", nullptr};
  Process process = start(program, arguments, nowhere);
  close(nowhere);
  if (process.id < 0) return nullptr;
  try {
    auto session = std::make_unique<GnuplotSession>();
    session->id = process.id;
    session->stream = std::make_unique<Gnuplot>(process.input);
    return session.release();
  } catch (...) {
    kill(-process.id, SIGKILL);
    waitpid(process.id, nullptr, 0);
    return nullptr;
  }
}

extern "C" int gnuplot_session_send(GnuplotSession *session, const char *script, size_t length, double seconds) {
  if (!session || !session->stream) return -1;
  WithoutSigpipe quiet;
  Watchdog watchdog(session->id, seconds);
  bool isSent = false;
  try {
    session->stream->write(script, static_cast<std::streamsize>(length));
    *session->stream << std::endl;
    isSent = session->stream->good();
  } catch (...) {
  }
  bool late = watchdog.stop();
  return isSent && !late && kill(session->id, 0) == 0 && waitpid(session->id, nullptr, WNOHANG) == 0 ? 0 : -1;
}

extern "C" void gnuplot_session_close(GnuplotSession *session) {
  if (!session) return;
  WithoutSigpipe quiet;
  session->stream.reset();  // End of input: gnuplot leaves, and a persistent window stays.
  for (int i = 0; i < 40; ++i) {
    if (waitpid(session->id, nullptr, WNOHANG) != 0) {
      delete session;
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  kill(session->id, SIGKILL);
  waitpid(session->id, nullptr, 0);
  delete session;
}
