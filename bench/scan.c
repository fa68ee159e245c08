/*
 * What the library costs when C calls it: the yardstick for the numbers of src/jmh.
 *
 *   cc -O2 -o scan bench/scan.c -ldl
 *   scan LIBHS PATTERNS TEXT SECONDS
 *
 * PATTERNS: one caseless literal a line, in hexadecimal. TEXT: the bytes to scan. Prints nanoseconds of CPU time a scan and the
 * literals that were found. Compiled as Gavel does: escaped bytes, DOTALL, SINGLEMATCH, 9 to 16 for a CPU without AVX (see
 * PatternDatabase). SCAN_AVX=1 in the environment: those for this CPU, too.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CASELESS = 1, DOTALL = 2, SINGLEMATCH = 8, MODE_BLOCK = 1, LINE = 512, ROUND = 1000 };

typedef int (*on_match)(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context);

static int count(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)id, (void)from, (void)to, (void)flags;
    ++*(unsigned long *)context;
    return 0;
}

static void fail(const char *what) {
    fprintf(stderr, "scan: %s\n", what);
    exit(1);
}

static void *symbol(void *library, const char *name) {
    void *address = dlsym(library, name);
    if (!address) fail(name);
    return address;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 5) fail("usage: scan LIBHS PATTERNS TEXT SECONDS");
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) fail(dlerror());
    int (*compile)(const char *const *, const unsigned *, const unsigned *, unsigned, unsigned, const void *, void **,
                   void **) = symbol(library, "hs_compile_multi");
    int (*alloc_scratch)(const void *, void **) = symbol(library, "hs_alloc_scratch");
    int (*scan)(const void *, const char *, unsigned, unsigned, void *, on_match, void *) = symbol(library, "hs_scan");

    char **expressions = NULL;
    unsigned patterns = 0;
    char line[LINE];
    FILE *in = fopen(argv[2], "r");
    if (!in) fail(argv[2]);
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = 0;
        expressions = realloc(expressions, (patterns + 1) * sizeof *expressions);
        char *out = expressions[patterns++] = malloc(strlen(line) * 2 + 1);
        for (char *digits = line; *digits; digits += 2) out += sprintf(out, "\\x%.2s", digits);
    }
    fclose(in);
    unsigned *flags = malloc(patterns * sizeof *flags);
    unsigned *ids = malloc(patterns * sizeof *ids);
    for (unsigned i = 0; i < patterns; i++) {
        flags[i] = CASELESS | DOTALL | SINGLEMATCH;
        ids[i] = i;
    }
    static const struct { unsigned tune; unsigned long long features, reserved[2]; } no_avx;
    const void *platform = patterns > 8 && patterns <= 16 && !getenv("SCAN_AVX") ? &no_avx : NULL;
    void *database, *scratch = NULL, *error;
    if (compile((const char *const *)expressions, flags, ids, patterns, MODE_BLOCK, platform, &database, &error))
        fail("the library does not compile these patterns");
    if (alloc_scratch(database, &scratch)) fail("no scratch");

    char *text = calloc(1, 1 << 20);
    if (!(in = fopen(argv[3], "rb"))) fail(argv[3]);
    unsigned length = fread(text, 1, 1 << 19, in);
    fclose(in);
    unsigned long hits = 0, scans = 0;
    double end = now() + atof(argv[4]) * 5e8; /* the first half warms up */
    while (now() < end) scan(database, text, length, 0, scratch, count, &hits);
    hits = 0;
    double begin = now();
    end = begin + atof(argv[4]) * 5e8;
    while (now() < end) {
        for (int i = 0; i < ROUND; i++) scan(database, text, length, 0, scratch, count, &hits);
        scans += ROUND;
    }
    printf("%u patterns, %u bytes, %lu hits: %.1f ns\n", patterns, length, hits / scans, (now() - begin) / scans);
    return 0;
}
