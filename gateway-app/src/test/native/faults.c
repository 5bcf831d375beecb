/* A disk that fails, for one process: LD_PRELOAD this before a program whose database is to suffer.
 *
 * Only files whose path contains "outbox.db" are touched. SLUICE_FAULTS names a file with four numbers that may change at any
 * time: percent of syncs that fail with EIO, of writes that fail with EIO, of writes that are cut short and then fail with
 * ENOSPC, and 1 if everything is read-only (EROFS). Every other sync that fails takes back everything written to that file since
 * its last good sync, as a kernel may do that drops dirty pages after an error; the others leave it there, as one may that
 * reports an error late.
 *
 * A file whose sync has failed must not be written over the same descriptor again, since nobody knows what of it is on the
 * medium: whoever does so with the log ("outbox.db-wal") is noted in the file named by SLUICE_FAULTS and ".distrust", a line each
 * time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct undo {
  dev_t device;
  ino_t inode;
  off64_t offset, size_before;
  size_t old_bytes;
  char *old;
  struct undo *next;
};

#define MOST_FILES 1024

static char distrusted[MOST_FILES]; /* by descriptor: 1 after a sync that failed */
static struct undo *undos;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned int seed;

static void *next(const char *name) {
  return dlsym(RTLD_NEXT, name);
}

static int is_ours(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return strstr(path, "outbox.db") != NULL;
}

static int is_log(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  return n > 4 && !strncmp(path + n - 4, "-wal", 4);
}

static void note_distrust(int fd) {
  char path[4096];
  const char *faults = getenv("SLUICE_FAULTS");
  if (fd >= MOST_FILES || !distrusted[fd] || !faults || !is_log(fd)) return;
  snprintf(path, sizeof path, "%s.distrust", faults);
  FILE *file = fopen(path, "a");
  if (file) {
    fputs("the log was written after a sync of it had failed\n", file);
    fclose(file);
  }
}

struct chances {
  int sync, write, full, read_only;
};

static struct chances now(void) {
  struct chances c = {0, 0, 0, 0};
  const char *path = getenv("SLUICE_FAULTS");
  FILE *file = path ? fopen(path, "r") : NULL;
  if (file) {
    if (fscanf(file, "%d %d %d %d", &c.sync, &c.write, &c.full, &c.read_only) != 4) memset(&c, 0, sizeof c);
    fclose(file);
  }
  return c;
}

static int happens(int percent) {
  if (!seed) seed = (unsigned int) getpid();
  return percent > 0 && rand_r(&seed) % 100 < percent;
}

static void remember(int fd, size_t count, off64_t offset) {
  struct stat64 s;
  struct undo *u = calloc(1, sizeof *u);
  if (!u || fstat64(fd, &s)) abort();
  u->device = s.st_dev;
  u->inode = s.st_ino;
  u->offset = offset;
  u->size_before = s.st_size;
  u->old = malloc(count);
  ssize_t n = pread64(fd, u->old, count, offset);
  u->old_bytes = n > 0 ? (size_t) n : 0;
  u->next = undos;
  undos = u;
}

/* Newest first: either forgets what was written to the file, or takes it back. */
static void settle(int fd, int take_back) {
  ssize_t (*write_at)(int, const void *, size_t, off64_t) = next("pwrite64");
  int (*truncate_to)(int, off64_t) = next("ftruncate64");
  struct stat64 s;
  if (fstat64(fd, &s)) return;
  for (struct undo **at = &undos; *at;) {
    struct undo *u = *at;
    if (u->device != s.st_dev || u->inode != s.st_ino) {
      at = &u->next;
      continue;
    }
    if (take_back) {
      if (u->old_bytes) write_at(fd, u->old, u->old_bytes, u->offset);
      truncate_to(fd, u->size_before);
    }
    *at = u->next;
    free(u->old);
    free(u);
  }
}

static ssize_t faulty_write(int fd, const void *bytes, size_t count, off64_t offset) {
  ssize_t (*real)(int, const void *, size_t, off64_t) = next("pwrite64");
  if (!is_ours(fd)) return real(fd, bytes, count, offset);
  pthread_mutex_lock(&lock);
  note_distrust(fd);
  struct chances c = now();
  ssize_t result = -1;
  if (c.read_only) {
    errno = EROFS;
  } else if (happens(c.write)) {
    errno = EIO;
  } else {
    remember(fd, count, offset);
    int full = happens(c.full);
    result = real(fd, bytes, full ? count / 2 : count, offset);
    if (full) {
      result = -1;
      errno = ENOSPC;
    }
  }
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

static int faulty_sync(int fd, const char *name) {
  int (*real)(int) = next(name);
  if (!is_ours(fd)) return real(fd);
  pthread_mutex_lock(&lock);
  int fails = happens(now().sync);
  settle(fd, fails && happens(50));
  int result = fails ? -1 : real(fd);
  if (fails && fd < MOST_FILES) distrusted[fd] = 1;
  int error = fails ? EIO : errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  return faulty_write(fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  return faulty_write(fd, bytes, count, offset);
}

int fsync(int fd) {
  return faulty_sync(fd, "fsync");
}

int fdatasync(int fd) {
  return faulty_sync(fd, "fdatasync");
}

int ftruncate64(int fd, off64_t length) {
  int (*real)(int, off64_t) = next("ftruncate64");
  if (is_ours(fd)) {
    pthread_mutex_lock(&lock);
    int read_only = now().read_only;
    if (!read_only) settle(fd, 0);
    pthread_mutex_unlock(&lock);
    if (read_only) {
      errno = EROFS;
      return -1;
    }
  }
  return real(fd, length);
}

int close(int fd) {
  int (*real)(int) = next("close");
  if (fd >= 0 && fd < MOST_FILES) distrusted[fd] = 0;
  return real(fd);
}
