// The cage by means of Linux's seccomp: system calls that are not on the list raise SIGSYS, whose handler says which.

// For the registers in ucontext_t.
#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static int argument_count = 0;
static char **argument_list = NULL;
__attribute__((constructor)) static void keep_arguments(int count, char **list) {
  argument_count = count;
  argument_list = list;
}

const char *sandbox_argument(int place) { return place < argument_count ? argument_list[place] : NULL; }

// Lowers a limit; one that is lower already stays, since only the system's administrator may raise it.
static int lower(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return -1;
  if (limit.rlim_max > hard) limit.rlim_max = hard;
  if (limit.rlim_cur > soft) limit.rlim_cur = soft;
  if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
  return setrlimit(resource, &limit);
}

int sandbox_limit(uint64_t cpu_seconds, uint64_t address_space, int keep) {
  // Lines come out one by one: what was printed before a crash is there.
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (lower(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1) != 0) return -1;
#ifdef __linux__
  // The process leads a group of its own, which Ctrl-C does not reach: it ends with the one that watches it.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return -1;
#endif
  if (lower(RLIMIT_CORE, 0, 0) != 0 || lower(RLIMIT_FSIZE, 0, 0) != 0) return -1;
#ifdef __linux__
  if (lower(RLIMIT_AS, address_space, address_space) != 0) return -1;
#else
  (void)address_space;  // macOS counts shared caches as address space; the parent watches the memory in use there.
#endif
  struct rlimit files;
  int last = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 4096 ? (int)files.rlim_cur : 4096;
  for (int descriptor = keep + 1; descriptor < last; descriptor++) close(descriptor);
  // Each takes memory of the system's that nobody counts.
  return lower(RLIMIT_NOFILE, 64, 64);
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <link.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "forbidden.h"

#ifdef __x86_64__
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#define REGISTER(state, n, x86) ((state)->uc_mcontext.gregs[x86])
#define PROGRAM_COUNTER(state) ((uintptr_t)(state)->uc_mcontext.gregs[REG_RIP])
#define FRAME_POINTER(state) ((uintptr_t)(state)->uc_mcontext.gregs[REG_RBP])
#define SET_RESULT(state, value) ((state)->uc_mcontext.gregs[REG_RAX] = (value))
#else
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#define REGISTER(state, n, x86) ((state)->uc_mcontext.regs[n])
#define PROGRAM_COUNTER(state) ((uintptr_t)(state)->uc_mcontext.pc)
#define FRAME_POINTER(state) ((uintptr_t)(state)->uc_mcontext.regs[29])
#define SET_RESULT(state, value) ((state)->uc_mcontext.regs[0] = (unsigned long long)(value))
#endif

// What may be said from a signal handler: a line put together by hand.

struct line {
  char text[1024];
  size_t length;
};

static void put(struct line *line, const char *text, size_t most) {
  for (size_t i = 0; i < most && text[i] != 0 && line->length < sizeof line->text - 1; i++) {
    line->text[line->length++] = text[i] == '\n' ? ' ' : text[i];
  }
}

static void put_number(struct line *line, uintptr_t number, unsigned base) {
  char digits[20];
  int count = 0;
  do digits[count++] = "0123456789abcdef"[number % base];
  while ((number /= base) > 0);
  while (count > 0) put(line, &digits[--count], 1);
}

static void say(struct line *line) {
  line->text[line->length++] = '\n';
  ssize_t ignored = write(2, line->text, line->length);
  (void)ignored;
}

// Forbidden calls.

static char library_path[4096];
static volatile int library_is_open = 0;
// The one call that is let through has this number in a place that the call does not use.
static unsigned int pass = 0;

static int begins(const char *text, const char *beginning) { return strncmp(text, beginning, strlen(beginning)) == 0; }

// Whether the system's own libraries look there by themselves, and are content with an error.
static int is_looked_for(const char *path) {
  for (size_t i = 0; i < sizeof looked_for / sizeof looked_for[0]; i++) {
    if (begins(path, looked_for[i])) return 1;
  }
  return 0;
}

// /proc/NUMBER/stat: a queue asks this of its threads, and stops the program where there is no answer.
static int is_state(const char *path) {
  if (!begins(path, "/proc/")) return 0;
  const char *number = path + 6, *rest = number + strspn(number, "0123456789");
  return rest > number && strcmp(rest, "/stat") == 0;
}

// A descriptor on which stands the state of a thread that sleeps, whichever it is: a queue then starts another.
static long open_state(void) {
  static const char state[] = "1 (thread) S 0 0 0\n";
  int ends[2];
  if (syscall(SYS_pipe2, ends, O_CLOEXEC, 0, 0, 0, (unsigned long)pass) != 0) return -errno;
  ssize_t ignored = write(ends[1], state, sizeof state - 1);
  (void)ignored;
  close(ends[1]);
  return ends[0];
}

// Copies what stands at an address that may lead nowhere: the system looks there first, as for a signal mask, eight bytes
// at a time. Returns 0 where even the first byte cannot be read.
static int copy(char *to, size_t room, const char *from) {
  size_t i = 0;
  for (; i < room - 1; i++) {
    uintptr_t place = (uintptr_t)from + i;
    if (i == 0 || place % 8 == 0) {
      if (syscall(SYS_rt_sigprocmask, -1, place & ~(uintptr_t)7, NULL, 8) == 0 || errno == EFAULT) break;
    }
    if ((to[i] = from[i]) == 0) return 1;
  }
  to[i] = 0;
  return i > 0;
}

static int shut(void);
static void forbidden(int signal, siginfo_t *info, void *context) {
  (void)signal;
  ucontext_t *state = context;
  // A signal of this kind that the answer sends to itself has no call (1 is SYS_SECCOMP, which some headers lack).
  int call = info->si_code == 1 ? info->si_syscall : SYS_tgkill;
  const char *first = (const char *)REGISTER(state, 0, REG_RDI), *second = (const char *)REGISTER(state, 1, REG_RSI);
  char text[sizeof library_path];
  if (call == SYS_openat && copy(text, sizeof text, second)) {
    if (!library_is_open && strcmp(text, library_path) == 0) {
      library_is_open = 1;
      long opened = syscall(SYS_openat, AT_FDCWD, library_path, O_RDONLY | O_CLOEXEC, 0, 0, (unsigned long)pass);
      SET_RESULT(state, opened < 0 ? -errno : opened);
      if (shut() != 0) _exit(1);
      return;
    }
    if (is_looked_for(text) || is_state(text)) {
      SET_RESULT(state, is_state(text) ? open_state() : -EACCES);
      return;
    }
  }
  struct line line = {.length = 0};
  line.text[line.length++] = '\n';
  put(&line, "!forbidden ", 20);
  const char *kind = NULL, *path = NULL;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (names[i].call == call) kind = names[i].kind;
  }
  if (kind == NULL) {
    put(&line, "call ", 10);
    put_number(&line, (uintptr_t)call, 10);
  } else {
    size_t length = strcspn(kind, "@1");
    put(&line, kind, length);
    if (kind[length] == '@') path = second;
    if (kind[length] == '1') path = first;
  }
  if (path != NULL && copy(text, sizeof text, path)) {
    put(&line, " ", 1);
    put(&line, text, 400);
  }
  say(&line);
  _exit(SANDBOX_FORBIDDEN);
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define PASS BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define TRAP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
#define FAIL(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
// The low half of an argument; both architectures are little-endian.
#define ARGUMENT(n) LOAD(args[n])
#define HIGH_ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]) + 4)
// If it is that call, the next instruction decides.
#define IF(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1)
// If it is that call, the next `n` instructions decide.
#define IF_THEN(call, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, n)
#define ALLOW(call) IF(call), PASS

// Once the library is open the door is shut for good: a pass that somebody finds in memory opens nothing.
static int shut(void) {
  static struct sock_filter filter[] = {
      LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1), TRAP, PASS,
  };
  struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0 ? 0 : -1;
}

static void crashed(int signal, siginfo_t *info, void *context);
// A stack of its own for the handler: the usual one may be what has run out.
static char handler_stack[1 << 16];

static int handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_NODEFER | flags;
  sigemptyset(&action.sa_mask);
  return sigaction(signal, &action, NULL);
}

int sandbox_enter(const char *library) {
  if (strlen(library) >= sizeof library_path) return -1;
  strcpy(library_path, library);
  if (getrandom(&pass, sizeof pass, 0) != sizeof pass) return -1;
  stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
  if (sigaltstack(&stack, NULL) != 0) return -1;
  static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
    if (handle(crashes[i], crashed, SA_ONSTACK | SA_RESETHAND) != 0) return -1;
  }
  if (handle(SIGSYS, forbidden, 0) != 0) return -1;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;

  const unsigned int self = (unsigned int)getpid();
  const struct sock_filter filter[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      LOAD(nr),
#ifdef __x86_64__
      // The numbers of the x32 interface.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
      // Memory, threads, time, chance, and the descriptors that are open.
      ALLOW(SYS_read), ALLOW(SYS_write), ALLOW(SYS_readv), ALLOW(SYS_writev), ALLOW(SYS_pread64), ALLOW(SYS_close),
      ALLOW(SYS_fstat), ALLOW(SYS_lseek), ALLOW(SYS_mprotect), ALLOW(SYS_munmap),
      ALLOW(SYS_mremap), ALLOW(SYS_brk), ALLOW(SYS_rt_sigprocmask), ALLOW(SYS_rt_sigreturn),
      ALLOW(SYS_sigaltstack), ALLOW(SYS_futex), ALLOW(SYS_set_robust_list), ALLOW(SYS_rseq),
      ALLOW(SYS_set_tid_address), ALLOW(SYS_sched_yield), ALLOW(SYS_sched_getaffinity), ALLOW(SYS_sched_getparam),
      ALLOW(SYS_sched_getscheduler), ALLOW(SYS_sched_get_priority_max), ALLOW(SYS_sched_get_priority_min),
      ALLOW(SYS_gettid), ALLOW(SYS_getpid), ALLOW(SYS_getppid), ALLOW(SYS_getuid), ALLOW(SYS_geteuid),
      ALLOW(SYS_getgid), ALLOW(SYS_getegid), ALLOW(SYS_clock_gettime), ALLOW(SYS_clock_getres),
      ALLOW(SYS_clock_nanosleep), ALLOW(SYS_nanosleep), ALLOW(SYS_gettimeofday), ALLOW(SYS_exit),
      ALLOW(SYS_exit_group), ALLOW(SYS_getrandom), ALLOW(SYS_ppoll), ALLOW(SYS_epoll_create1), ALLOW(SYS_epoll_ctl),
      ALLOW(SYS_epoll_pwait), ALLOW(SYS_eventfd2), ALLOW(SYS_timerfd_create), ALLOW(SYS_timerfd_settime),
      ALLOW(SYS_getcpu), ALLOW(SYS_sysinfo), ALLOW(SYS_getrusage), ALLOW(SYS_times), ALLOW(SYS_uname),
      ALLOW(SYS_getrlimit), ALLOW(SYS_restart_syscall),
      // A further filter only takes away; the one that follows when the library is open takes this away, too.
      ALLOW(SYS_seccomp),
#ifdef __x86_64__
      ALLOW(SYS_poll), ALLOW(SYS_epoll_wait), ALLOW(SYS_time),
      IF(SYS_access), FAIL(EACCES), IF(SYS_readlink), FAIL(EACCES), IF(SYS_stat), FAIL(EACCES),
      IF(SYS_lstat), FAIL(EACCES),
#endif
      // Questions that the system's own libraries ask, and can live without an answer to.
      IF(SYS_ioctl), FAIL(ENOTTY), IF(SYS_readlinkat), FAIL(EACCES), IF(SYS_faccessat), FAIL(EACCES),
      IF(SYS_faccessat2), FAIL(EACCES), IF(SYS_statx), FAIL(EACCES), IF(SYS_getcwd), FAIL(EACCES),
      IF_THEN(SYS_newfstatat, 4),
      // An open descriptor, or a path?
      ARGUMENT(3), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, AT_EMPTY_PATH, 0, 1), PASS, FAIL(EACCES),
      // What clone3 is asked for cannot be seen from here: the C library falls back to clone where it does not exist.
      IF(SYS_clone3), FAIL(ENOSYS),
      // Shared memory stays in use when it is no longer mapped, and then counts as nobody's.
      IF_THEN(SYS_mmap, 4),
      ARGUMENT(3), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_SHARED, 1, 0), PASS, TRAP,
      // Threads are welcome, processes are not; nor is a thread that sleeps for another, and seems to work.
      IF_THEN(SYS_clone, 5),
      ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_VFORK, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1), PASS, TRAP,
      // A signal to itself is how a program aborts.
      IF_THEN(SYS_tgkill, 4),
      ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, self, 0, 1), PASS, TRAP,
      // Queues and tasks give their threads a priority: they believe that they did.
      IF_THEN(SYS_setpriority, 6),
      ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PRIO_PROCESS, 0, 3),
      ARGUMENT(1), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), FAIL(0), TRAP,
      // The C library's own two, which it sets up with the first thread.
      IF_THEN(SYS_rt_sigaction, 4),
      ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 32, 0, 1), PASS, TRAP,
      // The handler above opens the library, and nothing else is opened.
      IF_THEN(SYS_openat, 7),
      ARGUMENT(5), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, pass, 0, 4),
      ARGUMENT(2), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 1, 0), PASS, TRAP, TRAP,
      // A pipe to itself, from the handler above.
      IF_THEN(SYS_pipe2, 4), ARGUMENT(5), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, pass, 0, 1), PASS, TRAP,
      // Among its own threads; the others wait for all processors, which looks like waiting for a disk.
      IF_THEN(SYS_membarrier, 4),
      ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, ~(8u | 16u), 1, 0), PASS, FAIL(EINVAL),
      // What allocators say of their memory; not to put it out to the disk, and read it in again.
      IF_THEN(SYS_madvise, 4),
      ARGUMENT(2), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 20, 1, 0), PASS, FAIL(EINVAL),
      // Looking at limits, not changing them.
      IF_THEN(SYS_prlimit64, 6),
      ARGUMENT(2), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
      HIGH_ARGUMENT(2), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), PASS, TRAP,
      // Names of threads and of memory.
      IF_THEN(SYS_prctl, 6),
      ARGUMENT(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_NAME, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_GET_NAME, 1, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x53564d41, 0, 1), PASS,
      TRAP,
      IF_THEN(SYS_fcntl, 5),
      ARGUMENT(1), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_GETFL, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_GETFD, 0, 1), PASS, FAIL(EPERM),
      TRAP,
  };
  struct sock_fprog program = {sizeof filter / sizeof filter[0], (struct sock_filter *)filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0 ? 0 : -1;
}

// Crashes.

static uintptr_t watched_begin = 0, watched_end = 0;

static int find(struct dl_phdr_info *info, size_t size, void *symbol) {
  (void)size;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + part->p_vaddr, end = begin + part->p_memsz;
    if (part->p_type != PT_LOAD || (uintptr_t)symbol < begin || (uintptr_t)symbol >= end) continue;
    watched_begin = info->dlpi_addr;
    watched_end = end;
    return 1;
  }
  return 0;
}

void sandbox_watch(const void *symbol) { dl_iterate_phdr(find, (void *)symbol); }

static void crashed(int signal, siginfo_t *info, void *context) {
  (void)info;
  ucontext_t *state = context;
  uintptr_t place = PROGRAM_COUNTER(state), frame = FRAME_POINTER(state);
  struct line line = {.length = 0};
  line.text[line.length++] = '\n';
  put(&line, "!trace", 10);
  int found = 0;
  for (int depth = 0; depth < 64 && found < 8; depth++) {
    if (place >= watched_begin && place < watched_end) {
      put(&line, " ", 1);
      // A return address follows its call.
      put_number(&line, place - watched_begin - (depth > 0), 16);
      found++;
    }
    if (frame == 0 || frame % sizeof(uintptr_t) != 0) break;
    const uintptr_t *saved = (const uintptr_t *)frame;
    if (saved[0] <= frame || saved[0] - frame > (64u << 20)) {
      place = saved[1];
      frame = 0;
      continue;
    }
    frame = saved[0];
    place = saved[1];
  }
  if (found > 0) say(&line);
  raise(signal);
}

#else

int sandbox_enter(const char *library) {
  (void)library;
  errno = ENOTSUP;
  return -1;
}

void sandbox_watch(const void *symbol) { (void)symbol; }

#endif
