/* The exec shim: stands for a few microseconds between posix_spawn and an agent's program, and sets what the former
 * cannot.
 *
 *   shim PARENT:SOFT:HARD CWD PROGRAM ARGV0 [ARG…]
 *
 * PARENT is the pid of the one that starts us (if it is gone already, so are we), SOFT and HARD the limits of open
 * files to restore. Descriptor 3 is a pipe: if the program cannot be started, two ints go there, the step that failed
 * and its errno, and the exit status is 127; if it can, the pipe closes at exec with nothing in it.
 *
 * Without the C library on the machines that we know the system calls of: it is exec'd once a process, and loading even
 * a static libc costs more than all the rest of it. */

typedef unsigned long word;

/* Numbers of the kernel's interface; the C library's headers are for programs that link it. */
enum { kSetPdeathsig = 1, kSetNoNewPrivs = 38, kSigKill = 9, kNofile = 7, kCore = 4, kReportFd = 3, kCloexec = 2 };

/* What failed, as sys/process.cc reads it. */
enum { kStepArguments = 1, kStepParent, kStepLimits, kStepPrivileges, kStepDirectory, kStepExec };

#if defined(__x86_64__)
enum {
  NR_write = 1,
  NR_getppid = 110,
  NR_chdir = 80,
  NR_prctl = 157,
  NR_prlimit = 302,
  NR_execve = 59,
  NR_exit = 231,
  NR_close_range = 436,
  NR_close = 3,
  NR_fcntl = 72
};
static long call4(long nr, word a, word b, word c, word d) {
  long result;
  register word r10 __asm__("r10") = d;
  register word r8 __asm__("r8") = 0; /* prctl insists on a fifth argument of zero */
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call shim_start\n  hlt\n");
#elif defined(__aarch64__)
enum {
  NR_write = 64,
  NR_getppid = 173,
  NR_chdir = 49,
  NR_prctl = 167,
  NR_prlimit = 261,
  NR_execve = 221,
  NR_exit = 94,
  NR_close_range = 436,
  NR_close = 57,
  NR_fcntl = 25
};
static long call4(long nr, word a, word b, word c, word d) {
  register word x8 __asm__("x8") = (word)nr;
  register word x0 __asm__("x0") = a;
  register word x1 __asm__("x1") = b;
  register word x2 __asm__("x2") = c;
  register word x3 __asm__("x3") = d;
  register word x4 __asm__("x4") = 0; /* prctl insists on a fifth argument of zero */
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return (long)x0;
}
__asm__(".globl _start\n_start:\n  mov x29, #0\n  mov x0, sp\n  bl shim_start\n");
#else
#error "the exec shim is not written for this machine yet: add its system call numbers and entry"
#endif

static void fail(int step, long error) {
  int report[2];
  report[0] = step;
  report[1] = (int)-error;
  call4(NR_write, kReportFd, (word)report, sizeof report, 0);
  call4(NR_exit, 127, 0, 0, 0);
}

/* Reads a decimal number and the ':' or end after it. */
static word number(const char** text) {
  word value = 0;
  while (**text >= '0' && **text <= '9') value = value * 10 + (word)(*(*text)++ - '0');
  if (**text == ':') (*text)++;
  return value;
}

__attribute__((noreturn, used)) void shim_start(word* stack) {
  const word count = stack[0];
  char** arguments = (char**)(stack + 1);
  char** environment = arguments + count + 1;
  if (count < 5) fail(kStepArguments, -22 /* EINVAL */);

  const char* numbers = arguments[1];
  const word parent = number(&numbers);
  word files[2];
  files[0] = number(&numbers);
  files[1] = number(&numbers);

  /* Killed when the parent dies; if it died before this line, we were handed to somebody else. */
  call4(NR_prctl, kSetPdeathsig, kSigKill, 0, 0);
  if ((word)call4(NR_getppid, 0, 0, 0, 0) != parent) fail(kStepParent, -3 /* ESRCH */);

  long result = call4(NR_prlimit, 0, kNofile, (word)files, 0);
  if (result < 0) fail(kStepLimits, result);
  word no_core[2]; /* a crash must not write the prompt to a disk */
  no_core[0] = 0;
  no_core[1] = 0;
  call4(NR_prlimit, 0, kCore, (word)no_core, 0);
  result = call4(NR_prctl, kSetNoNewPrivs, 1, 0, 0);
  if (result < 0) fail(kStepPrivileges, result);

  /* Nothing but the three streams reaches the program, whatever the parent forgot to mark. */
  call4(NR_fcntl, kReportFd, kCloexec, 1, 0);
  if (call4(NR_close_range, kReportFd + 1, ~0U, 0, 0) < 0) {
    for (word fd = kReportFd + 1; fd < 65536; fd++) call4(NR_close, fd, 0, 0, 0); /* before Linux 5.9 */
  }

  result = call4(NR_chdir, (word)arguments[2], 0, 0, 0);
  if (result < 0) fail(kStepDirectory, result);
  result = call4(NR_execve, (word)arguments[3], (word)(arguments + 4), (word)environment, 0);
  fail(kStepExec, result);
  for (;;) {
  }
}
