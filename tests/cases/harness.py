"""What the suites that run the real binary share: a clean room on disk, processes that are all accounted for, and a hash of
a whole tree. Python 3.9 and its standard library; Linux."""
import ctypes
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
LEFTOVER_GRACE_S = 2.0        # what was killed may need a moment to be gone from /proc


def adopt_orphans():
    """From now on every descendant that loses its parent becomes our child: nothing escapes by daemonising."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _parents():
    """{pid: (parent, state, name)} of every process."""
    table = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            text = Path(f"/proc/{entry}/stat").read_text(errors="replace")
        except OSError:
            continue
        name = text[text.index("(") + 1:text.rindex(")")]
        state, parent = text[text.rindex(")") + 2:].split()[:2]
        table[int(entry)] = (int(parent), state, name)
    return table


def _descendants(root):
    table = _parents()
    found, frontier = [], [root]
    while frontier:
        parent = frontier.pop()
        children = [pid for pid, (its_parent, _, _) in table.items() if its_parent == parent]
        found += children
        frontier += children
    return [(pid, table[pid][1], table[pid][2]) for pid in found]


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


def _describe(pid, name):
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        line = ""
    return f"{pid} {line[:160] or name}"


def leftovers(keep=()):
    """Kills and names every descendant that is still alive after the grace, those in `keep` left out. Needs adopt_orphans(),
    and no child whose exit status anybody still wants."""
    deadline = time.monotonic() + LEFTOVER_GRACE_S
    while True:
        _reap()
        alive = [(pid, name) for pid, state, name in _descendants(os.getpid()) if state not in "ZX" and pid not in keep]
        if not alive or time.monotonic() > deadline:
            break
        time.sleep(0.02)
    lines = [_describe(pid, name) for pid, name in alive]
    for pid, _ in alive:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    while any(pid in _parents() for pid, _ in alive) and time.monotonic() < deadline + LEFTOVER_GRACE_S:
        _reap()
        time.sleep(0.02)
    return lines


def processes_that_mention(text):
    """Names of processes whose environment, arguments or working directory hold `text`; ourselves left out."""
    needle = text.encode()
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        for part in ("environ", "cmdline"):
            try:
                if needle in Path(f"/proc/{entry}/{part}").read_bytes():
                    break
            except OSError:
                continue
        else:
            try:
                if not os.readlink(f"/proc/{entry}/cwd").startswith(text):
                    continue
            except OSError:
                continue
        found.append(_describe(int(entry), "?"))
    return found


def tree_hashes(root):
    """{path: hash of kind, mode and content} of everything below root, .git included: index, refs, config, hooks, objects."""
    hashes = {}
    for folder, folders, files in os.walk(root, followlinks=False):
        for name in folders + files:
            path = os.path.join(folder, name)
            info = os.lstat(path)
            digest = hashlib.sha256(f"{stat.S_IFMT(info.st_mode):o} {stat.S_IMODE(info.st_mode):o}".encode())
            if stat.S_ISLNK(info.st_mode):
                digest.update(os.readlink(path).encode(errors="surrogateescape"))
            elif stat.S_ISREG(info.st_mode):
                digest.update(Path(path).read_bytes())
            hashes[os.path.relpath(path, root)] = digest.hexdigest()
    return hashes


def changed_paths(before, after):
    lines = [f"written: {path}" for path in sorted(after) if before.get(path) not in (None, after[path])]
    lines += [f"new: {path}" for path in sorted(after) if path not in before]
    return lines + [f"gone: {path}" for path in sorted(before) if path not in after]


def clean_environment(root, programs):
    """Makes the folders below root and the environment that shows nothing of the machine but /usr/bin and `programs`
    ({name: path}); returns the environment."""
    for name in ("home", "tmp", "bin", "config", "state", "cache", "runtime"):
        (root / name).mkdir(parents=True, mode=0o700, exist_ok=True)
    for name, path in programs.items():
        link = root / "bin" / name
        if not link.is_symlink():
            link.symlink_to(Path(path).resolve())
    return {
        "PATH": f"{root}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": str(root / "home"), "TMPDIR": str(root / "tmp"),
        "XDG_CONFIG_HOME": str(root / "config"), "XDG_STATE_HOME": str(root / "state"),
        "XDG_CACHE_HOME": str(root / "cache"), "XDG_RUNTIME_DIR": str(root / "runtime"),
        "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ann Author", "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "Ann Author", "GIT_COMMITTER_EMAIL": "ann@example.org",
        "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
    }


def git(directory, env, *arguments):
    subprocess.run(["git", "-c", "init.defaultBranch=main", "-c", "core.hooksPath=/dev/null", *arguments], cwd=directory,
                   env=env, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def commit_all(directory, env, message):
    git(directory, env, "add", "--all", "--force")
    git(directory, env, "commit", "--quiet", "--allow-empty", "--message", message)


def copy_over(source, target):
    shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
