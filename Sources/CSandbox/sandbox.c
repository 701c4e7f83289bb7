// The cage by means of Linux's seccomp: forbidden system calls raise SIGSYS, whose handler reports and ends.

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
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

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
  return 0;
}

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <ucontext.h>

#ifdef __x86_64__
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static int report_descriptor = -1;

static const char *kind(int call) {
  switch (call) {
#ifdef SYS_open
  case SYS_open:
  case SYS_creat:
#endif
  case SYS_openat: return "open";
#ifdef SYS_fork
  case SYS_fork:
  case SYS_vfork:
#endif
  case SYS_clone:
  case SYS_execve:
  case SYS_execveat: return "process";
  case SYS_socket:
  case SYS_connect:
  case SYS_bind: return "network";
  case SYS_socketpair: return "process";  // How Foundation begins to start one.
  case SYS_kill:
  case SYS_tkill:
  case SYS_tgkill:
  case SYS_ptrace: return "signal";
#ifdef SYS_unlink
  case SYS_unlink:
  case SYS_rmdir:
#endif
  case SYS_unlinkat: return "remove";
  default: return "call";
  }
}

// Writes "!kind detail" with nothing but what is safe in a signal handler, and ends.
static void forbidden(int signal, siginfo_t *info, void *context) {
  (void)signal;
  const ucontext_t *state = context;
#ifdef __x86_64__
  const greg_t *registers = state->uc_mcontext.gregs;
  const char *first = (const char *)registers[REG_RDI], *second = (const char *)registers[REG_RSI];
#else
  const char *first = (const char *)state->uc_mcontext.regs[0], *second = (const char *)state->uc_mcontext.regs[1];
#endif
  int call = info->si_syscall;
  const char *name = kind(call), *path = NULL;
  if (call == SYS_openat || call == SYS_unlinkat) path = second;
#ifdef SYS_open
  if (call == SYS_open || call == SYS_creat || call == SYS_unlink || call == SYS_rmdir) path = first;
#endif
  (void)first;
  char line[512];
  size_t length = 0;
  line[length++] = '!';
  for (const char *c = name; *c != 0; c++) line[length++] = *c;
  if (path != NULL) {
    line[length++] = ' ';
    for (size_t i = 0; i < 400 && path[i] != 0; i++) line[length++] = path[i] == '\n' ? ' ' : path[i];
  } else if (strcmp(name, "call") == 0) {
    char digits[12];
    int count = 0;
    do digits[count++] = (char)('0' + call % 10);
    while ((call /= 10) > 0 && count < 11);
    line[length++] = ' ';
    while (count > 0) line[length++] = digits[--count];
  }
  line[length++] = '\n';
  ssize_t ignored = write(report_descriptor, line, length);
  (void)ignored;
  _exit(SANDBOX_FORBIDDEN);
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define TRAP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
#define DENY(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
// The low half of an argument; both architectures are little-endian.
#define ARGUMENT(n) LOAD(args[n])
// One of these for each forbidden call: if it is that call, the next instruction decides.
#define IF(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1)
#define FORBID(call) IF(call), TRAP

static int install(const struct sock_filter *filter, size_t count) {
  struct sock_fprog program = {(unsigned short)count, (struct sock_filter *)filter};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int sandbox_enter(int report) {
  report_descriptor = report;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = forbidden;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGSYS, &action, NULL) != 0) return -1;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;

  const unsigned int self = (unsigned int)getpid(), writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
  const struct sock_filter filter[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      LOAD(nr),
#ifdef __x86_64__
      // The numbers of the x32 interface would slip past everything below.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
#endif
      // Threads are welcome, processes are not. What clone3 is asked for cannot be seen from here: the C library
      // falls back to clone where it does not exist.
      IF(SYS_clone3), DENY(ENOSYS),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
      ARGUMENT(0),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
      ALLOW,
      TRAP,
      // A signal to itself is how a program aborts.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4),
      ARGUMENT(0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, self, 0, 1),
      ALLOW,
      TRAP,
      // Reading only.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 4),
      ARGUMENT(2),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, writing, 1, 0),
      ALLOW,
      TRAP,
#ifdef SYS_open
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open, 0, 4),
      ARGUMENT(1),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, writing, 1, 0),
      ALLOW,
      TRAP,
      FORBID(SYS_creat), FORBID(SYS_fork), FORBID(SYS_vfork), FORBID(SYS_unlink), FORBID(SYS_rmdir),
      FORBID(SYS_rename), FORBID(SYS_mkdir), FORBID(SYS_link), FORBID(SYS_symlink), FORBID(SYS_chmod),
      FORBID(SYS_chown), FORBID(SYS_lchown), FORBID(SYS_mknod), FORBID(SYS_utime), FORBID(SYS_utimes),
      FORBID(SYS_renameat),
#endif
      FORBID(SYS_openat2), FORBID(SYS_execve), FORBID(SYS_execveat), FORBID(SYS_kill), FORBID(SYS_tkill),
      FORBID(SYS_ptrace), FORBID(SYS_process_vm_readv), FORBID(SYS_process_vm_writev), FORBID(SYS_socket),
      FORBID(SYS_socketpair), FORBID(SYS_connect), FORBID(SYS_bind), FORBID(SYS_unlinkat), FORBID(SYS_renameat2),
      FORBID(SYS_mkdirat), FORBID(SYS_linkat), FORBID(SYS_symlinkat), FORBID(SYS_truncate), FORBID(SYS_ftruncate),
      FORBID(SYS_fchmod), FORBID(SYS_fchmodat), FORBID(SYS_fchown), FORBID(SYS_fchownat), FORBID(SYS_mknodat),
      FORBID(SYS_utimensat), FORBID(SYS_io_uring_setup), FORBID(SYS_bpf), FORBID(SYS_mount), FORBID(SYS_unshare),
      FORBID(SYS_setns), FORBID(SYS_memfd_create), FORBID(SYS_shmget), FORBID(SYS_msgget), FORBID(SYS_semget),
      FORBID(SYS_pidfd_open), FORBID(SYS_setxattr), FORBID(SYS_fsetxattr), FORBID(SYS_removexattr),
      FORBID(SYS_setpgid), FORBID(SYS_setsid),
      ALLOW,
  };
  return install(filter, sizeof filter / sizeof filter[0]);
}

int sandbox_close_files(void) {
  const struct sock_filter filter[] = {
      LOAD(nr),
      FORBID(SYS_openat),
#ifdef SYS_open
      FORBID(SYS_open),
#endif
      // The handler above stays the one that is asked.
      FORBID(SYS_rt_sigaction), FORBID(SYS_prlimit64),
#ifdef SYS_setrlimit
      FORBID(SYS_setrlimit),
#endif
      ALLOW,
  };
  return install(filter, sizeof filter / sizeof filter[0]);
}

#else

int sandbox_enter(int report) {
  (void)report;
  errno = ENOTSUP;
  return -1;
}

int sandbox_close_files(void) {
  errno = ENOTSUP;
  return -1;
}

#endif
