/* SPDX-License-Identifier: MIT */
/*
 * ngram.h - count the words of n-gram files, on all cores.
 *
 * ngram_count() reads a file of n-gram rows (plain or gzip; see "Input"), adds
 * up match_count for every word in parallel map workers, reduces their tables,
 * and returns an immutable result, whose rows the caller reads by index or with
 * an ordered cursor, and which the caller frees.
 *
 *     struct ngram_count_options options;
 *     struct ngram_error error;
 *     struct ngram_counts *counts;
 *     struct ngram_row row;
 *
 *     ngram_count_options_init(&options);
 *     if (ngram_count("a.gz", &options, &counts, &error) != NGRAM_OK)
 *       return fail(error.message);
 *     for (uint64_t i = 0; i < ngram_counts_size(counts); i++) {
 *       ngram_counts_row(counts, i, &row, NULL);
 *       printf("%.*s\t%" PRId64 "\n", (int)row.length, row.word, row.total);
 *     }
 *     ngram_counts_free(counts);
 *
 * Input. The format is recognized by content, never by name: plain text, gzip
 * (RFC 1952; any number of members, BGZF included) or a zip archive (its
 * entries one after the other, stored or deflated; not from a stream). Its
 * lines are rows of a Google Books Ngrams release. The first line of a file
 * that is good in one of these layouts sets the layout:
 *
 *     2012   ngram TAB year TAB match_count TAB volume_count
 *     2009   ngram TAB year TAB match_count TAB page_count TAB volume_count
 *     2020   ngram TAB year,match_count,volume_count TAB ...
 *
 * In the last layout a line holds a row for each year, and is good or bad as a
 * whole. LF or CRLF ends a line; the last line needs no end. TAB is the only
 * separator and nothing is quoted. A word is valid UTF-8 without NUL; a year
 * fits 31 bits, a count 63; a line is at most NGRAM_LINE_MAX bytes.
 *
 * Or the input is free text, whose words are counted one by one: see enum
 * ngram_tokenizer.
 *
 * Patterns. A path with `*`, `?` or `[` that names no file is a pattern, as of
 * glob(7), of less than PATH_MAX bytes; the files that match it, but not
 * folders, are counted together. A pattern that would examine more than a
 * million names is an error. It means the same in every locale: a character is
 * one of UTF-8, or a byte that is not part of one; ranges go by code point;
 * classes are ASCII. A file that was found is a file, even if its name is "-".
 * A relative pattern refers to the current folder at the time of the call.
 *
 * Guarantees. The rows are the same for every chunk_size, number of threads,
 * decoder and CPU kernel; so is their order, until the library is unloaded. No
 * result exists before the whole input has been read and the CRC-32 and length
 * of every member verified. An error leaves no thread, no open file and no
 * memory.
 *
 * Threads. Any function may be called from any thread, and calls that share no
 * object may run at the same time, in any number. A result, a cursor, rows, a
 * splitter, an index and a cache are each used by one thread at a time; a call
 * for a cursor uses its result too, and a call that is given an index or a
 * cache uses that. A root and totals never change, so several threads may use
 * one at the same time. The call that frees an object is the last one for it.
 * Two results that a cache has given for the same question are two objects.
 *
 * The threads that ngram_count() makes block all signals and are joined before
 * it returns. When a large result is freed, threads that close its temporary
 * files are joined too; there are no more of them than made the result. The
 * threads of ngram_rows_open() live until the end of the rows. The library
 * reads the environment with getenv(3), so no thread may change it meanwhile.
 * The library prints nothing, changes no global state of the process and never
 * exits.
 */
#ifndef NGRAM_H
#define NGRAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define NGRAM_API __declspec(dllexport)
#elif defined(__GNUC__)
#define NGRAM_API __attribute__((visibility("default")))
#else
#define NGRAM_API
#endif

/* The longest line, in bytes, without its end. */
#define NGRAM_LINE_MAX 1048576

/* ------------------------------------------------------------- errors -- */

/* The outcome of a call. The values are fixed. */
enum ngram_status {
  NGRAM_OK = 0,
  NGRAM_BAD_INPUT = 1,    /* the file is damaged or holds a bad row */
  NGRAM_BAD_ARGUMENT = 2, /* an option or an environment variable */
  NGRAM_CANNOT_OPEN = 3,  /* no such file, no permission, a directory */
  NGRAM_IO_ERROR = 4,     /* a read failed, or a temporary file was lost or
                             damaged */
  NGRAM_CHANGED = 5,      /* the file changed while it was read */
  NGRAM_NO_MEMORY = 6,    /* in the system, or within memory_limit */
  NGRAM_INTERRUPTED = 7,  /* the poll callback asked to stop */
  NGRAM_OVERFLOW = 8,     /* a sum past 2^63-1 */
  NGRAM_FORBIDDEN = 9,    /* not a file below the root */
  NGRAM_DISK_FULL = 10,   /* no room for a temporary file */
};

/*
 * An error with its message for people: "a.gz: line 12: expected 4 columns,
 * found 3". It never contains content of the file. A call that fails fills it
 * in; a call that succeeds leaves it alone. The caller owns it.
 */
struct ngram_error {
  enum ngram_status status;
  char message[4608]; /* NUL-terminated; a path of 4,096 bytes fits */
};

/* -------------------------------------------------------------- index -- */

/*
 * Seek points: positions in gzip files from which decoding can start. There is
 * about one for every 4 MB of text, but at most 512 a file, 32 KiB each. A
 * count that is given an index adds the points of its file, and the next count
 * of the same file, with the same size and time of change, decodes on all CPUs.
 * Points are verified while they are used: a wrong one costs time and changes
 * no answer.
 *
 * An index holds the points of the files used last, up to 64 MiB. One thread at
 * a time uses it, in a call for it or in a count that is given it.
 */
struct ngram_index;

/* The caller frees it. Returns NULL if there is no memory. */
NGRAM_API struct ngram_index *ngram_index_create(void);
/* NULL is allowed. */
NGRAM_API void ngram_index_free(struct ngram_index *index);

/* Keep points in files of this folder too, which must exist; NULL, the initial
   state, keeps them in memory only. An error changes nothing. */
NGRAM_API enum ngram_status ngram_index_set_folder(struct ngram_index *index,
                                                   const char *folder,
                                                   struct ngram_error *error);
/* The folder's absolute path, borrowed until it is set again, or NULL. */
NGRAM_API const char *ngram_index_folder(const struct ngram_index *index);

/* --------------------------------------------------------------- root -- */

/*
 * A folder to which paths are confined. With a root, a path is relative to it,
 * or absolute and begins with ngram_root_path(). `..` and symbolic links are
 * followed as long as they stay below the root; a link with an absolute target
 * never does. Only regular files are opened. "-", a FIFO and a device are not;
 * these are examined without an effect on them. Any other path is
 * NGRAM_FORBIDDEN, whether or not a file is there. Changing names meanwhile
 * does not lead out of the root. A hard link or a mount below the root counts
 * as below it.
 *
 * A pattern has no `..`, and matches below the root. A match that is a link out
 * of it is an error, and so is such a link in place of one of its folders.
 *
 * Several threads may use a root at the same time. Rows that were opened with a
 * root can be read after it was freed.
 */
struct ngram_root;

/* Make a root of the folder at `path`; if `within` is not NULL, the folder must
   be below that root. On NGRAM_OK the caller frees *root; else it is NULL and
   *error has the reason. `error` may be NULL. */
NGRAM_API enum ngram_status ngram_root_create(const char *path,
                                              const struct ngram_root *within,
                                              struct ngram_root **root,
                                              struct ngram_error *error);
/* NULL is allowed. */
NGRAM_API void ngram_root_free(struct ngram_root *root);
/* The folder's absolute path, borrowed. */
NGRAM_API const char *ngram_root_path(const struct ngram_root *root);

/* Get the size of the regular file at `path`, without reading it. `root` may be
   NULL. Returns 1, or 0 if there is no such file or the root forbids it. */
NGRAM_API int ngram_file_bytes(const char *path, const struct ngram_root *root,
                               uint64_t *bytes);

/* -------------------------------------------------------------- cache -- */

/*
 * Results of regular files and of standard input, for the next count with the
 * same options and the same file: one whose device, inode, size and times are
 * the same. The result of a file that changed shortly before it was opened is
 * not kept: within a second, and a step of the times of its file system, which
 * is inferred from these. A count of some words is answered from a result for
 * all words. For a file whose rows of some words are read repeatedly, the cache
 * keeps a word index; for one whose rows of single years are, all rows sorted
 * by year in a temporary file.
 *
 * A temporary file that cannot be read back is an error once; the next count
 * makes it anew.
 *
 * The results used last are kept as far as they fit the limit; results that a
 * caller has not freed yet do not count. One thread at a time uses a cache, in
 * a call for it or in a count that is given it. Results outlive it.
 */
struct ngram_cache;

#define NGRAM_CACHE_LIMIT_DEFAULT (UINT64_C(256) << 20)

/* The caller frees it. Returns NULL if there is no memory. */
NGRAM_API struct ngram_cache *ngram_cache_create(uint64_t limit_bytes);
/* NULL is allowed. */
NGRAM_API void ngram_cache_free(struct ngram_cache *cache);
NGRAM_API void ngram_cache_set_limit(struct ngram_cache *cache,
                                     uint64_t limit_bytes);
NGRAM_API uint64_t ngram_cache_limit(const struct ngram_cache *cache);
/* Drop results beyond the limit, as a count does too: useful after a result was
   freed. */
NGRAM_API void ngram_cache_trim(struct ngram_cache *cache);

/* ------------------------------------------------------------ options -- */

/*
 * Which n-grams to read by their part-of-speech tags: a token may carry a tag
 * (watch_VERB), or be one in place of a word (_VERB_). Such n-grams repeat the
 * counts of the untagged n-gram. A space separates tokens, and in a dependency
 * arc so does the => that has text on both sides. Tags are those of the
 * releases of 2012 and 2020: NOUN VERB ADJ ADV PRON DET ADP NUM CONJ PRT . X
 */
enum ngram_tags {
  NGRAM_TAGS_KEEP = 0,  /* all */
  NGRAM_TAGS_DROP = 1,  /* those without a tag */
  NGRAM_TAGS_ONLY = 2,  /* those with one */
  NGRAM_TAGS_PLAIN = 3, /* printed tokens only: no tag, no _START_, _END_ or
                           _ROOT_, no arc */
};

/* What to do with a bad row, or a bad word of free text. */
enum ngram_on_error {
  NGRAM_ON_ERROR_FAIL = 0, /* fail with the earliest one in the file */
  NGRAM_ON_ERROR_SKIP = 1, /* omit its line, or the word, and count it
                              (stats.skipped) */
  /* As SKIP; and if a compressed file is damaged, cut off or followed by other
     bytes, its input ends there (stats.salvaged_at). The text before that
     counts, except a last line or word without an end; the text of the damaged
     member is not verified. One worker reads such a file. */
  NGRAM_ON_ERROR_SALVAGE = 2,
};

/* Results that cost time or memory and are computed on request only. */
enum ngram_columns {
  NGRAM_VOLUMES = 1,   /* sum of volume_count */
  NGRAM_YEARS = 2,     /* first_year and last_year */
  NGRAM_ROW_COUNT = 4, /* rows added up */
};

/*
 * How free text is split into words. Text can be split at white space (the six
 * characters of isspace() in the C locale, so neither U+00A0 nor U+3000) or,
 * for NGRAM_TOKENIZER_UNICODE, at any ASCII character other than letters and
 * digits. The text between two such split points has to be valid UTF-8 without
 * NUL, of at most NGRAM_LINE_MAX bytes; else it is an error at its line. Lines
 * have any length.
 *
 * With NGRAM_ON_ERROR_SKIP a bad word is omitted as a whole: a word with a NUL
 * or with a byte that is in no well-formed UTF-8 sequence (such a byte counts
 * as a letter: "caf\xE9" is omitted, "caf" included), a word of more than
 * NGRAM_LINE_MAX bytes, folded or not, and longer text between two split
 * points.
 *
 * In free text, chunk_size and the rows of struct ngram_scan_stats are in
 * lines. Options for rows only have to keep their defaults: years, tags and
 * columns.
 */
enum ngram_tokenizer {
  NGRAM_TOKENIZER_NONE = 0,    /* the input is n-gram rows, not free text */
  NGRAM_TOKENIZER_SPACE = 1,   /* all text between two split points */
  NGRAM_TOKENIZER_UNICODE = 2, /* runs of letters, marks and digits (general
                                  categories L, M and N), case folded in full */
};

/* Borrowed bytes, not NUL-terminated. */
struct ngram_word {
  const char *bytes;
  size_t length;
};

/*
 * Called in the thread that called ngram_count(), at least every 50 ms while it
 * works. If it returns another value than 0 the count stops with
 * NGRAM_INTERRUPTED.
 */
typedef int ngram_poll_fn(void *context);

/* How far a scan has come. */
struct ngram_progress {
  uint64_t size_bytes; /* of the file; 0 if it is not known, as of a pipe */
  uint64_t read_bytes; /* bytes of the file that are finished */
  uint64_t text_bytes; /* bytes of text that were counted */
  double seconds;      /* since the call began */
};

/* Called right before each poll. */
typedef void ngram_progress_fn(void *context,
                               const struct ngram_progress *progress);

struct ngram_count_options {
  size_t size; /* of this struct; set by ngram_count_options_init() */
  /* NGRAM_TOKENIZER_NONE for n-gram rows; else the input is free text */
  enum ngram_tokenizer tokenizer;
  /* lines in one map task; 0 lets the library choose */
  uint64_t chunk_size;
  /* map workers, at most NGRAM_THREADS_MAX. 0 stands for the CPUs that the
     process may use. With 1 no thread is made */
  unsigned threads;
  /* only rows of these years, both included */
  int64_t year_from;
  int64_t year_to;
  enum ngram_tags tags;
  enum ngram_on_error on_error;
  unsigned columns; /* set of enum ngram_columns */
  /* only these words, borrowed for the call; NULL for all words. word_count 0
     with words not NULL selects none */
  const struct ngram_word *words;
  size_t word_count;
  /* bounds of the words in the order of their bytes, both included, borrowed
     for the call; NULL for no bound. They hold for `words`, too */
  const struct ngram_word *word_from;
  const struct ngram_word *word_to;
  /* all three are borrowed for the call, and may be NULL */
  struct ngram_index *index;
  struct ngram_cache *cache;
  struct ngram_root *root;
  /* Bytes that the count may hold, at least NGRAM_MEMORY_LIMIT_MIN, or 0 for no
     limit. Beyond it words are spilled to temporary files, which have no name,
     in SQLITE_TMPDIR, TMPDIR, /var/tmp or /tmp, the first that works. A copy of
     `words` may take a quarter of it, else the call fails with NGRAM_NO_MEMORY.
     The memory of the cache and the index, and of the caller's own list, is not
     counted */
  uint64_t memory_limit;
  ngram_poll_fn *poll; /* NULL if the count cannot be stopped */
  void *poll_context;
  ngram_progress_fn *progress; /* may be NULL */
  void *progress_context;
};

/* A quarter of the memory that the process may use, which is that of the
   machine or less by a limit of the process (RLIMIT_AS) or of its control
   group; at least NGRAM_MEMORY_LIMIT_MIN. Returns 0 if it is not known. */
NGRAM_API uint64_t ngram_memory_limit_default(void);

#define NGRAM_THREADS_MAX 1024
/* Enough for one worker and some thousand words. */
#define NGRAM_MEMORY_LIMIT_MIN 2097152

/* All words, all years, tags kept, failing on bad rows, all CPUs. */
NGRAM_API void ngram_count_options_init(struct ngram_count_options *options);

/* -------------------------------------------------------------- count -- */

/* A result. Its rows never change. One thread at a time uses it, because
   reading a row of a spilled result moves a reader. */
struct ngram_counts;

/* A row of a result. The word is borrowed from the result until the next call
   for the result or for a cursor of it, and is not NUL-terminated. Fields that
   options.columns did not request are 0. */
struct ngram_row {
  const char *word;
  size_t length; /* of the word, in bytes */
  int64_t total; /* sum of match_count */
  int64_t volumes;
  int64_t row_count;
  int64_t first_year;
  int64_t last_year;
};

/* How a scan went. Strings are static. */
struct ngram_scan_stats {
  /* "plain", "gzip", "bgzf" or "zip"; "mixed" for files of several formats */
  const char *format;
  /* "none", or a name that NGRAM_DECODER has; or "mixed" */
  const char *decoder;
  /* How the workers divided the file.
     "extents": each reads extents of a plain file.
     "members": each decodes members of a BGZF file.
     "points": each decodes gzip or zip from a seek point.
     "ahead": one decodes gzip or zip in order, others decode speculatively.
     "serial": one at a time decodes.
     "lookup": only the parts with some words, or one year, were read.
     "files": there are several files. */
  const char *strategy;
  const char *kernel;        /* "scalar", "sse2", "avx2", ... */
  unsigned threads;          /* workers that took part */
  uint64_t chunks;           /* map tasks */
  uint64_t compressed_bytes; /* read from the file */
  uint64_t text_bytes;       /* after decoding */
  uint64_t rows;             /* good rows read, whether counted or not */
  uint64_t skipped;          /* bad lines, or words of free text, omitted */
  uint64_t salvaged_at;      /* byte of the file at which NGRAM_ON_ERROR_SALVAGE
                                ended its input, or 0; of one file if there are
                                several */
  uint64_t words;            /* rows of the result */
  double seconds;            /* the whole call, wall clock */
  double decode_seconds;     /* reading and decoding, summed over workers */
  double map_seconds;        /* scanning and counting, summed over workers */
  double reduce_seconds;     /* wall clock */
  uint64_t peak_bytes;       /* most memory held by the scan at any time */
  uint64_t spilled_bytes;    /* written to temporary files */
  int from_cache;            /* 1 if nothing was read: `words` and `seconds` are
                                of this call, all else is of the scan that made
                                the result; else 0 */
};

/*
 * Count the words of the file at `path`; "-" is standard input, read once,
 * forward, as a FIFO is. On NGRAM_OK the caller frees *counts; else it is NULL
 * and *error has the reason. `error` may be NULL.
 *
 * For tests and bug reports, the environment may force a decoder
 * (NGRAM_DECODER: native, portable, isal, zlib) or a CPU kernel (NGRAM_KERNEL:
 * scalar, sse2, avx2, avx512, neon). One that this machine lacks is
 * NGRAM_BAD_ARGUMENT. For tests only there are NGRAM_AHEAD (on, off, refuse:
 * speculative chunks are decoded and thrown away) and NGRAM_STRETCH (bytes of a
 * speculative chunk and between seek points: 1024 to 262144).
 */
NGRAM_API enum ngram_status
ngram_count(const char *path, const struct ngram_count_options *options,
            struct ngram_counts **counts, struct ngram_error *error);

/* The number of rows, 0 for a file without rows. */
NGRAM_API uint64_t ngram_counts_size(const struct ngram_counts *counts);

/* Fill *row with row `index`, 0 to ngram_counts_size() - 1. The order is
   arbitrary: random for each process, and the same for the same rows until the
   library is unloaded. Fails only if rows were spilled, with NGRAM_IO_ERROR or
   NGRAM_NO_MEMORY. */
NGRAM_API enum ngram_status ngram_counts_row(struct ngram_counts *counts,
                                             uint64_t index,
                                             struct ngram_row *row,
                                             struct ngram_error *error);

/* Set *index to the row of this word, or to ngram_counts_size() if there is
   none. Fails as ngram_counts_row() does. */
NGRAM_API enum ngram_status ngram_counts_find(struct ngram_counts *counts,
                                              const char *word, size_t length,
                                              uint64_t *index,
                                              struct ngram_error *error);

/* Borrowed from the result. */
NGRAM_API const struct ngram_scan_stats *
ngram_counts_stats(const struct ngram_counts *counts);

/* NULL is allowed. */
NGRAM_API void ngram_counts_free(struct ngram_counts *counts);

/* -------------------------------------------------------------- order -- */

enum ngram_order {
  NGRAM_BY_WORD = 0, /* its bytes */
  NGRAM_BY_WORD_DESCENDING = 1,
  NGRAM_BY_TOTAL = 2, /* rows of equal totals by word, ascending */
  NGRAM_BY_TOTAL_DESCENDING = 3,
};

struct ngram_cursor_options {
  size_t size; /* of this struct; set by ngram_cursor_options_init() */
  enum ngram_order order;
  int few; /* 1 if the caller may need the first hundreds of rows only */
  unsigned threads;    /* for sorting, as in struct ngram_count_options */
  ngram_poll_fn *poll; /* as there, while the cursor sorts */
  void *poll_context;
};

/* Reads the rows of a result in an order, once, forward. One thread at a time
   uses a cursor, and no other thread uses its result meanwhile. */
struct ngram_cursor;

NGRAM_API void ngram_cursor_options_init(struct ngram_cursor_options *options);

/* Create a cursor, which the caller frees. It sorts nothing yet. It borrows the
   result, which has to outlive it. On failure *cursor is NULL. `error` may be
   NULL. */
NGRAM_API enum ngram_status
ngram_cursor_create(const struct ngram_counts *counts,
                    const struct ngram_cursor_options *options,
                    struct ngram_cursor **cursor, struct ngram_error *error);

/* Get the next row and set *more to 1, or to 0 at the end. Sorts if it has to;
   then it may fail with NGRAM_NO_MEMORY or NGRAM_INTERRUPTED, and the next call
   tries again. */
NGRAM_API enum ngram_status ngram_cursor_next(struct ngram_cursor *cursor,
                                              struct ngram_row *row, int *more,
                                              struct ngram_error *error);

/* NULL is allowed. */
NGRAM_API void ngram_cursor_free(struct ngram_cursor *cursor);

/* ------------------------------------------------------------- totals -- */

/*
 * The size of the whole corpus, year by year, to turn counts into shares. It is
 * read from the file "totalcounts" of a release, plain, gzip or zip, which is a
 * sequence of blocks
 *
 *     year,match_count,page_count,volume_count
 *
 * with blanks between them (spaces, TABs, line ends), or has one block a line
 * with blanks in place of the commas, as in 2009. Or it is a table: its first
 * block has the names of the columns, in upper or lower case and any order:
 * year, match_count (or total, count), page_count (pages), volume_count
 * (volumes, books). The first two are required; a column without a name is
 * ignored. Commas, semicolons, TABs or blanks separate the columns, and names
 * and numbers may be in double quotes. A byte order mark at the front is
 * ignored.
 *
 * NGRAM_BAD_INPUT are a year that comes twice, a name that is unknown or comes
 * twice, and more than NGRAM_TOTALS_MAX bytes of text.
 */
struct ngram_totals;

#define NGRAM_TOTALS_MAX 4194304

struct ngram_year {
  int64_t year;
  int64_t match_count;
  int64_t page_count;   /* -1 if the table has no such column */
  int64_t volume_count; /* -1, likewise */
};

struct ngram_totals_options {
  size_t size; /* of this struct; set by ngram_totals_options_init() */
  /* Totals that were read before, borrowed, or NULL. They are returned again if
     the file is the same, by device, inode, size and times. So are those of
     standard input, which cannot be read twice */
  struct ngram_totals *known;
  struct ngram_root *root; /* as in struct ngram_count_options */
  ngram_poll_fn *poll;     /* as in struct ngram_count_options */
  void *poll_context;
};

NGRAM_API void ngram_totals_options_init(struct ngram_totals_options *options);

/* Read the file at `path`, "-" for standard input, in the calling thread. On
   NGRAM_OK the caller frees *totals; else it is NULL and *error has the reason.
   `error` may be NULL. */
NGRAM_API enum ngram_status
ngram_totals_read(const char *path, const struct ngram_totals_options *options,
                  struct ngram_totals **totals, struct ngram_error *error);

/* The blocks in the order of the file, *count of them; borrowed. */
NGRAM_API const struct ngram_year *
ngram_totals_years(const struct ngram_totals *totals, uint64_t *count);

/* Take one more reference, which is freed like the first; from any thread.
   Returns its argument. */
NGRAM_API struct ngram_totals *ngram_totals_hold(struct ngram_totals *totals);

/* NULL is allowed. */
NGRAM_API void ngram_totals_free(struct ngram_totals *totals);

/* --------------------------------------------------- words of one text -- */

/* Splits texts in memory into words, one after the other. One thread at a time
   uses it. */
struct ngram_splitter;

/* Create a splitter, which the caller frees; `tokenizer` is not
   NGRAM_TOKENIZER_NONE. On failure *splitter is NULL. `error` may be NULL, here
   and below. */
NGRAM_API enum ngram_status
ngram_splitter_create(enum ngram_tokenizer tokenizer,
                      struct ngram_splitter **splitter,
                      struct ngram_error *error);

/* Have ngram_splitter_next() call `poll` for each 2 MiB of text without a word.
   NULL, the initial state, calls nothing. */
NGRAM_API void ngram_splitter_set_poll(struct ngram_splitter *splitter,
                                       ngram_poll_fn *poll, void *context);

/* Begin a text, which is borrowed until the next text or the last call of
   ngram_splitter_next(). */
NGRAM_API void ngram_splitter_begin(struct ngram_splitter *splitter,
                                    const char *text, size_t length);

/* Get the next word, which is borrowed until the next call, and set *more to 1;
   or to 0 at the end of the text. Fails with NGRAM_BAD_INPUT if the word is bad
   or longer than NGRAM_LINE_MAX, NGRAM_NO_MEMORY or NGRAM_INTERRUPTED. After an
   error the caller begins another text. */
NGRAM_API enum ngram_status ngram_splitter_next(struct ngram_splitter *splitter,
                                                struct ngram_word *word,
                                                int *more,
                                                struct ngram_error *error);

/* NULL is allowed. */
NGRAM_API void ngram_splitter_free(struct ngram_splitter *splitter);

/* --------------------------------------------------------------- rows -- */

/*
 * The rows of a file, one by one and in the order of the file, while it is
 * being read:
 *
 *     ngram_rows_open("a.gz", &options, &rows, &error);
 *     while (ngram_rows_next(rows, &batch, &error) == NGRAM_OK && batch.count)
 *       for (size_t i = 0; i < batch.count; i++)
 *         printf("%.*s %d\n", (int)batch.word_length[i],
 *                batch.text + batch.word_at[i], batch.year[i]);
 *     ngram_rows_close(rows, NULL);
 *
 * With several threads, workers decode and parse ahead of the caller from
 * ngram_rows_open() on, by a few MiB of text at most, and then wait for the
 * caller. They are joined before ngram_rows_next() returns the end or an error,
 * and before ngram_rows_close() returns. With one thread, the caller does all
 * the work in ngram_rows_next(), a block at a time.
 *
 * An error comes at its position: after the rows before it, each of which was
 * checked. The CRC-32 of a gzip member covers the whole member, so a wrong one
 * is an error after the member's last row.
 */
struct ngram_rows;

/* The columns of a row. Those that are not requested cost less. */
enum ngram_rows_columns {
  NGRAM_ROWS_WORD = 1,
  NGRAM_ROWS_YEAR = 2,
  NGRAM_ROWS_MATCH_COUNT = 4,
  NGRAM_ROWS_VOLUME_COUNT = 8,
  NGRAM_ROWS_ALL = 15,
};

struct ngram_rows_options {
  size_t size;      /* of this struct; set by ngram_rows_options_init() */
  unsigned threads; /* as in struct ngram_count_options */
  /* only rows of these years, both included */
  int64_t year_from;
  int64_t year_to;
  enum ngram_tags tags;
  enum ngram_on_error on_error;
  unsigned columns; /* set of enum ngram_rows_columns */
  /* only rows of these words, and bounds of the words, as in struct
     ngram_count_options, but copied */
  const struct ngram_word *words;
  size_t word_count;
  const struct ngram_word *word_from;
  const struct ngram_word *word_to;
  /* may be NULL; borrowed until the rows are closed, but may be used by other
     calls in between */
  struct ngram_index *index;
  /* may be NULL; borrowed until the rows are closed. It keeps no rows, but a
     word index of the file if rows of some words are read again, and a
     temporary file of rows by year if rows of single years are read several
     times. It also knows that standard input was read: to read it again is
     NGRAM_BAD_ARGUMENT */
  struct ngram_cache *cache;
  struct ngram_root *root; /* may be NULL; borrowed for the call */
  uint64_t memory_limit;   /* as in struct ngram_count_options */
  /* as there, called in the thread that opens the rows or asks for the next */
  ngram_poll_fn *poll;
  void *poll_context;
};

/* All columns, all words, all years, tags kept, failing on bad rows, all
   CPUs. */
NGRAM_API void ngram_rows_options_init(struct ngram_rows_options *options);

/*
 * Some rows, by columns: row i is element i of each. Columns that were not
 * requested may be NULL. All arrays are borrowed until the next call for these
 * rows. A word begins at text + word_at[i] and is not NUL-terminated.
 */
struct ngram_row_batch {
  size_t count; /* 0 at the end */
  const char *text;
  const uint32_t *word_at;
  const uint32_t *word_length; /* in bytes */
  const int32_t *year;
  const int64_t *match_count;
  const int64_t *volume_count;
  /* first + number[i] is the row's position in the file, from 0 on, for any
     filter; NULL stands for 0, 1, 2, ... */
  const uint32_t *number;
  uint64_t first;
};

/*
 * Begin to read the rows of the file at `path`; "-" is standard input, and a
 * pattern stands for its files one after the other, in the order of their
 * names. On NGRAM_OK the caller closes *rows; else it is NULL and *error has
 * the reason. One thread at a time uses them. `error` may be NULL, here and
 * below.
 */
NGRAM_API enum ngram_status
ngram_rows_open(const char *path, const struct ngram_rows_options *options,
                struct ngram_rows **rows, struct ngram_error *error);

/* Get the next rows. After an error, each call returns it again. In a child of
   fork(), which lacks the workers, a call for rows with workers is an error. */
NGRAM_API enum ngram_status ngram_rows_next(struct ngram_rows *rows,
                                            struct ngram_row_batch *batch,
                                            struct ngram_error *error);

/* Stop reading, at the end or before it, and free the rows. In a child of
   fork(), rows with workers are not freed. *stats, unless `stats` is NULL,
   becomes the statistics of the scan, with `words` and `reduce_seconds` 0.
   `rows` may be NULL. */
NGRAM_API void ngram_rows_close(struct ngram_rows *rows,
                                struct ngram_scan_stats *stats);

/* ------------------------------------------------------------ version -- */

/* "v0.1.0", static. */
NGRAM_API const char *ngram_version(void);

/*
 * Write some lines for a bug report to `text`: version, commit, build flags,
 * the decoders and kernels of this binary, and those that this machine uses.
 * The text is cut to `size` bytes, NUL included. Returns the length of the
 * whole text.
 */
NGRAM_API size_t ngram_debug(char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
