/* An SD card for the bench: every sync takes 5 ms longer. gcc -shared -fPIC -o slow_fsync.so slow_fsync.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static const struct timespec delay = {0, 5000000};

int fsync(int file)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    nanosleep(&delay, 0);
    return real(file);
}

int fdatasync(int file)
{
    static int (*real)(int);
    if (!real)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    nanosleep(&delay, 0);
    return real(file);
}
