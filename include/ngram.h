/* SPDX-License-Identifier: MIT */
/*
 * ngram.h - count the words of n-gram files, on all cores.
 *
 * One call does the job: ngram_count() reads a file of n-gram rows (plain or
 * gzip; see "Input"), adds up match_count for every word in parallel map
 * workers, reduces their tables, and hands back an immutable result that the
 * caller walks by index and frees.
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
 * Input. The content decides, never the name: plain text, gzip (RFC 1952; any
 * number of members, BGZF included) or a zip archive (its entries one after the
 * other, stored or deflated; no stream) whose lines are rows of a Google Books
 * Ngrams release. The first line of a file tells which layout it has:
 *
 *     2012   ngram TAB year TAB match_count TAB volume_count
 *     2009   ngram TAB year TAB match_count TAB page_count TAB volume_count
 *     2020   ngram TAB year,match_count,volume_count TAB ...
 *
 * In the last one a line holds a row for each year, and is good or bad as a
 * whole. LF or CRLF ends a line; the last line needs no end. TAB is the only
 * separator and nothing is quoted. A word is valid UTF-8 without NUL; a year
 * fits 31 bits, a count 63; a line is at most NGRAM_LINE_MAX bytes.
 *
 * Or the input is free text, whose words are counted one by one: see enum
 * ngram_tokenizer.
 *
 * A path with `*`, `?` or `[` that names no file is a pattern, as of glob(7),
 * of less than PATH_MAX bytes; the files that match it, folders left out, are
 * counted together. One that would look at more than a million names is an
 * error. It means the same in every locale: a character is one of UTF-8, or a
 * byte that is none; ranges go by code point; classes are of ASCII. A file that
 * was found is a file, even if it is called "-"; and a relative pattern means
 * the folder that the process was in at the call, to the end.
 *
 * Guarantees. The rows are the same for every chunk_size, number of threads,
 * decoder and CPU kernel; so is their order, until the library is unloaded. No
 * result exists before the whole input has been read and every member's CRC-32
 * and length agree. After an error nothing is left: no thread, no open file, no
 * memory.
 *
 * Threads. Any function may be called from any thread, and calls that share no
 * object may run at once, in any number. A result, a walk, rows, a splitter, an
 * index and a cache are each used by one thread at a time; who walks a result
 * uses it, and so does a call that is given an index or a cache. A root and
 * totals are never changed, so many threads may use one at once. The call that
 * frees an object is the last one for it. Two results that one cache has given
 * for the same question are two objects.
 *
 * The threads that ngram_count() makes block all signals and are joined before
 * it returns; so are those that close the temporary files of a large result, no
 * more than made it, when it is freed. Those of ngram_rows_open() live until
 * the end of the rows. The environment is read with getenv(3), so no thread may
 * change it meanwhile. The library prints nothing, changes no global state of
 * the process and never exits.
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

/* The longest line, in bytes, its end not counted. */
#define NGRAM_LINE_MAX 1048576

/* ------------------------------------------------------------- errors -- */

/* What went wrong. A caller may rely on the values. */
enum ngram_status {
  NGRAM_OK = 0,
  NGRAM_BAD_INPUT = 1,    /* the file is damaged or holds a bad row */
  NGRAM_BAD_ARGUMENT = 2, /* an option or an environment variable */
  NGRAM_CANNOT_OPEN = 3,  /* no such file, no permission, a directory */
  NGRAM_IO_ERROR = 4,     /* the system failed to read, or to keep what a
                             temporary file holds */
  NGRAM_CHANGED = 5,      /* the file changed while it was read */
  NGRAM_NO_MEMORY = 6,    /* of the system, or within the memory_limit */
  NGRAM_INTERRUPTED = 7,  /* the poll callback asked to stop */
  NGRAM_OVERFLOW = 8,     /* a sum past 2^63-1 */
  NGRAM_FORBIDDEN = 9,    /* not a file below the root */
  NGRAM_DISK_FULL = 10,   /* no room for a temporary file */
};

/*
 * One error in words, for people: "a.gz: line 12: expected 4 columns, found
 * 3". Never holds content of the file. Filled in by the call that fails and
 * left alone by one that succeeds; the caller owns it.
 */
struct ngram_error {
  enum ngram_status status;
  char message[4608]; /* NUL-terminated; a path of 4,096 bytes fits */
};

/* -------------------------------------------------------------- index -- */

/*
 * Places where gzip files can be taken up, seek points: about one for every
 * 4 MB of text, or as few as make at most 512 a file, 32 KiB each. A count that
 * is given an index leaves those of its file there, and the next one of the
 * same file, as size and time of change tell it, decodes on all CPUs. They are
 * proven while they are used: a wrong one costs time and changes no answer.
 *
 * Holds the points of the files used last, up to 64 MiB. One thread at a time
 * uses an index, a count that it was given to included.
 */
struct ngram_index;

/* The caller frees it. NULL: no memory. */
NGRAM_API struct ngram_index *ngram_index_create(void);
/* NULL is allowed. */
NGRAM_API void ngram_index_free(struct ngram_index *index);

/* Keep points in files of this folder, too, which must be there; NULL: do not,
   as at first. An error leaves it as it was. */
NGRAM_API enum ngram_status ngram_index_set_folder(struct ngram_index *index,
                                                   const char *folder,
                                                   struct ngram_error *error);
/* The folder's absolute path, borrowed until it is set again; NULL: none. */
NGRAM_API const char *ngram_index_folder(const struct ngram_index *index);

/* --------------------------------------------------------------- root -- */

/*
 * A folder beyond which no file is opened or looked for. With a root, a path is
 * relative to it, or absolute and begins with ngram_root_path(). `..` and
 * symbolic links are followed as long as they stay below; a link with an
 * absolute target never does. Only regular files are opened, so neither "-" nor
 * a FIFO or a device: these are looked at, which has no effect on them. All
 * else is NGRAM_FORBIDDEN, whether or not anything is there. Names that are
 * changed meanwhile open no way out; a hard link or a mount below the root is
 * below it.
 *
 * A pattern has no `..`, and matches below the root; a match that is a link out
 * of it is an error, and so is a folder that the pattern would pass through.
 *
 * Many threads may use a root at once. Rows that were opened with one go on
 * after it was freed.
 */
struct ngram_root;

/* Make a root of the folder at `path`, which is below the root `within`, unless
   that is NULL. On NGRAM_OK *root is for the caller to free; else it is NULL
   and *error says why. `error` may be NULL. */
NGRAM_API enum ngram_status ngram_root_create(const char *path,
                                              const struct ngram_root *within,
                                              struct ngram_root **root,
                                              struct ngram_error *error);
/* NULL is allowed. */
NGRAM_API void ngram_root_free(struct ngram_root *root);
/* The folder's absolute path, borrowed. */
NGRAM_API const char *ngram_root_path(const struct ngram_root *root);

/* The size of a regular file, which is not read; `root` NULL: anywhere. 0: it
   is not known, or not allowed; else 1. */
NGRAM_API int ngram_file_bytes(const char *path, const struct ngram_root *root,
                               uint64_t *bytes);

/* -------------------------------------------------------------- cache -- */

/*
 * Results of regular files, and of standard input, to be given again for the
 * same question about the same file, which is one whose device, inode, size and
 * times are the same. Of a file that was changed shortly before it was opened
 * nothing is kept: within a second, and a step of the times of its file system,
 * which is told from these. A question for some words is answered from a result
 * for all. Of files whose rows are asked for by some words again and again it
 * keeps where those stand; if by single years, all rows by year in a temporary
 * file.
 *
 * What was kept in temporary files and cannot be read back is an error once;
 * the next count makes it anew.
 *
 * Results used last are kept as far as they fit the limit; those that a caller
 * has not freed yet are kept besides. One thread at a time uses a cache, a
 * count that it was given to included. Results outlive it.
 */
struct ngram_cache;

#define NGRAM_CACHE_LIMIT_DEFAULT (UINT64_C(256) << 20)

/* The caller frees it. NULL: no memory. */
NGRAM_API struct ngram_cache *ngram_cache_create(uint64_t limit_bytes);
/* NULL is allowed. */
NGRAM_API void ngram_cache_free(struct ngram_cache *cache);
NGRAM_API void ngram_cache_set_limit(struct ngram_cache *cache,
                                     uint64_t limit_bytes);
NGRAM_API uint64_t ngram_cache_limit(const struct ngram_cache *cache);
/* Let go of what is past the limit, as a count does too: worth while after
   freeing a result. */
NGRAM_API void ngram_cache_trim(struct ngram_cache *cache);

/* ------------------------------------------------------------ options -- */

/*
 * What to do with n-grams that carry a part-of-speech tag (watch_VERB), or have
 * one in place of a word (_VERB_). They repeat what the untagged n-gram already
 * counts. Tokens are parted by a space, and in a dependency arc by the => that
 * has something before and behind it. Tags are those of the releases of 2012
 * and 2020: NOUN VERB ADJ ADV PRON DET ADP NUM CONJ PRT . X
 */
enum ngram_tags {
  NGRAM_TAGS_KEEP = 0,  /* all, as they stand in the file */
  NGRAM_TAGS_DROP = 1,  /* those without a tag */
  NGRAM_TAGS_ONLY = 2,  /* those with one */
  NGRAM_TAGS_PLAIN = 3, /* printed tokens only: no tag, no _START_, _END_ or
                           _ROOT_, no arc */
};

/* What to do with a bad row, or a bad word of free text. */
enum ngram_on_error {
  NGRAM_ON_ERROR_FAIL = 0, /* the earliest one of the file is the error */
  NGRAM_ON_ERROR_SKIP = 1, /* leave its line, or the word, out and count it
                              (stats.skipped) */
  /* As SKIP; and where a compressed file is damaged, cut off or followed by
     other bytes, its input ends there (stats.salvaged_at): with the text before
     it, of which that of the damaged member is not verified, but without a last
     line or word that has no end. One worker reads such a file. */
  NGRAM_ON_ERROR_SALVAGE = 2,
};

/* Results that cost time or memory and are computed only when asked for. */
enum ngram_columns {
  NGRAM_VOLUMES = 1,   /* sum of volume_count */
  NGRAM_YEARS = 2,     /* first_year and last_year */
  NGRAM_ROW_COUNT = 4, /* rows added up */
};

/*
 * What the words of free text are. What stands between two seams has to be
 * valid UTF-8 without NUL and of at most NGRAM_LINE_MAX bytes, else it is an
 * error at its line; lines have any length. Seams are white space (the six of
 * isspace() in the C locale, so neither U+00A0 nor U+3000) or, for
 * NGRAM_TOKENIZER_UNICODE, all ASCII but letters and digits.
 *
 * With NGRAM_ON_ERROR_SKIP a bad word is left out whole: a word with a NUL or
 * with a byte that is in no well-formed UTF-8 sequence (such a byte counts as a
 * letter: of "caf\xE9" not even "caf" is left), a word of more than
 * NGRAM_LINE_MAX bytes, folded or not, and what is longer between two seams.
 *
 * Chunks, and the rows of struct ngram_scan_stats, are lines then. Options that
 * mean something for rows only have to be left as they are: years, tags and
 * columns.
 */
enum ngram_tokenizer {
  NGRAM_TOKENIZER_NONE = 0,    /* the input is n-gram rows, not free text */
  NGRAM_TOKENIZER_SPACE = 1,   /* all that stands between two seams */
  NGRAM_TOKENIZER_UNICODE = 2, /* runs of letters, marks and digits (general
                                  categories L, M and N), case folded in full;
                                  all else is no part of any word */
};

/* Borrowed bytes, not NUL-terminated. */
struct ngram_word {
  const char *bytes;
  size_t length;
};

/*
 * Called in the thread that called ngram_count(), at least every 50 ms while
 * it works. Any value but 0 stops the count: NGRAM_INTERRUPTED.
 */
typedef int ngram_poll_fn(void *context);

/* How far a scan has come. */
struct ngram_progress {
  uint64_t size_bytes; /* of the file; 0: not known, as of a pipe */
  uint64_t read_bytes; /* of it, compressed as it is, that are done with */
  uint64_t text_bytes; /* that were counted */
  double seconds;      /* since the call began */
};

/* Called as a poll is, right before it. */
typedef void ngram_progress_fn(void *context,
                               const struct ngram_progress *progress);

struct ngram_count_options {
  size_t size; /* of this struct; set by ngram_count_options_init() */
  enum ngram_tokenizer tokenizer; /* count the words of free text */
  uint64_t chunk_size; /* lines in one map task; 0: chosen by the library */
  unsigned threads;    /* map workers, at most NGRAM_THREADS_MAX; 0: the CPUs
                          that the process may use; 1: no thread is made */
  int64_t year_from;   /* only rows of these years, both included */
  int64_t year_to;
  enum ngram_tags tags;
  enum ngram_on_error on_error;
  unsigned columns;               /* set of enum ngram_columns */
  const struct ngram_word *words; /* only these words, borrowed for the call;
                                     NULL: all */
  size_t word_count;              /* 0 with words not NULL: none */
  const struct ngram_word
      *word_from;                   /* only words from this one on, by their
                                       bytes, borrowed; NULL: from the first */
  const struct ngram_word *word_to; /* up to this one, which is included */
  struct ngram_index *index;        /* borrowed for the call; NULL: none */
  struct ngram_cache *cache;        /* borrowed for the call; NULL: none */
  struct ngram_root *root;          /* borrowed for the call; NULL: none */
  uint64_t memory_limit;            /* bytes that the count may hold, at least
                          NGRAM_MEMORY_LIMIT_MIN, or 0: no limit. Words that
                          have no room are spilled to temporary files, which
                          have no name, in SQLITE_TMPDIR, TMPDIR, /var/tmp or
                          /tmp, the first that works. What takes the words that
                          are asked for may be a quarter of it, else it is
                          NGRAM_NO_MEMORY. What a cache or an index keeps, and
                          the caller's own list, are not among them */
  ngram_poll_fn *poll;              /* NULL: cannot be stopped */
  void *poll_context;
  ngram_progress_fn *progress; /* NULL: nobody wants to know */
  void *progress_context;
};

/* A quarter of the memory that the process may use: that of the machine, or
   what a limit of the process (RLIMIT_AS) or of its control group leaves it; at
   least NGRAM_MEMORY_LIMIT_MIN. 0: it is not known. */
NGRAM_API uint64_t ngram_memory_limit_default(void);

#define NGRAM_THREADS_MAX 1024
/* One worker, and some thousand words. */
#define NGRAM_MEMORY_LIMIT_MIN 2097152

/* All words, all years, tags kept, failing on bad rows, all CPUs. */
NGRAM_API void ngram_count_options_init(struct ngram_count_options *options);

/* -------------------------------------------------------------- count -- */

/* A result. Its rows never change. One thread at a time uses it: where words
   were spilled, to look at a row moves a reader. */
struct ngram_counts;

/* A row of a result. The word is borrowed from the result until the next call
   for it or for a walk of it, and not NUL-terminated. Fields not asked for in
   options.columns are 0. */
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
  const char *format;   /* "plain", "gzip", "bgzf" or "zip"; many files: or
                           "mixed" */
  const char *decoder;  /* "none", or as NGRAM_DECODER has it; or "mixed" */
  const char *strategy; /* "extents": a plain file is read in many places at
                      once; "members": so is BGZF; "points": so is gzip or
                      zip, from seek points; "ahead": gzip or zip, one worker
                      decodes and others guess ahead; "serial": one worker at a
                      time decodes; "lookup": some words or a year were read,
                      and not the rest; "files": there are many of them */
  const char *kernel;   /* "scalar", "sse2", "avx2", ... */
  unsigned threads;     /* workers that took part */
  uint64_t chunks;      /* map tasks */
  uint64_t compressed_bytes; /* read from the file */
  uint64_t text_bytes;       /* after decoding */
  uint64_t rows;             /* good rows read, whether added up or not */
  uint64_t skipped;          /* bad lines, or words of free text, left out */
  uint64_t salvaged_at;      /* byte of the file at which its input ended before
                                its end; 0: it did not. Of many files: of one */
  uint64_t words;            /* rows of the result */
  double seconds;            /* the whole call, wall clock */
  double decode_seconds;     /* reading and decoding, summed over workers */
  double map_seconds;        /* scanning and counting, summed over workers */
  double reduce_seconds;     /* wall clock */
  uint64_t peak_bytes;       /* most memory held at once by the scan */
  uint64_t spilled_bytes;    /* written to temporary files */
  int from_cache;            /* 1: nothing was read; `words` and `seconds` are
                                of this call, all else is of the scan that made
                                the result */
};

/*
 * Count the words of the file at `path`; "-" is standard input, read once,
 * forward, as a FIFO is. On NGRAM_OK *counts is a result for the caller to
 * free; else it is NULL and *error says why. `error` may be NULL.
 *
 * The environment may force a decoder (NGRAM_DECODER: native, portable, isal,
 * zlib) or a CPU kernel (NGRAM_KERNEL: scalar, sse2, avx2, avx512, neon): for
 * tests and bug reports. One that this machine lacks is NGRAM_BAD_ARGUMENT. For
 * tests alone are NGRAM_AHEAD (on, off, refuse: guesses are made and thrown
 * away) and NGRAM_STRETCH (bytes of a guess, and between seek points: 1024 to
 * 262144).
 */
NGRAM_API enum ngram_status
ngram_count(const char *path, const struct ngram_count_options *options,
            struct ngram_counts **counts, struct ngram_error *error);

/* The number of rows, 0 for a file without rows. */
NGRAM_API uint64_t ngram_counts_size(const struct ngram_counts *counts);

/* Fill *row with row `index`, 0 to ngram_counts_size() - 1. The order is
   arbitrary, and the same for the same rows until the library is unloaded: it
   is drawn at random for each process. Fails only where rows had to be spilled:
   NGRAM_IO_ERROR, NGRAM_NO_MEMORY. */
NGRAM_API enum ngram_status ngram_counts_row(struct ngram_counts *counts,
                                             uint64_t index,
                                             struct ngram_row *row,
                                             struct ngram_error *error);

/* The row of this word goes to *index, or ngram_counts_size() if there is none.
   Fails as ngram_counts_row() does. */
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
  NGRAM_BY_TOTAL = 2, /* and words in ascending order where it is the same */
  NGRAM_BY_TOTAL_DESCENDING = 3,
};

struct ngram_cursor_options {
  size_t size; /* of this struct; set by ngram_cursor_options_init() */
  enum ngram_order order;
  int few;          /* 1: perhaps not more than some hundred rows are wanted */
  unsigned threads; /* to sort with, as in struct ngram_count_options */
  ngram_poll_fn *poll; /* as there, while a walk sorts */
  void *poll_context;
};

/* A walk through a result in an order. One thread at a time uses it, and no
   other one its result meanwhile. */
struct ngram_cursor;

NGRAM_API void ngram_cursor_options_init(struct ngram_cursor_options *options);

/* Begin to walk; nothing is sorted yet. The result is borrowed and has to
   outlive the walk, which the caller frees. `error` may be NULL. */
NGRAM_API enum ngram_status
ngram_cursor_create(const struct ngram_counts *counts,
                    const struct ngram_cursor_options *options,
                    struct ngram_cursor **walk, struct ngram_error *error);

/* The next row, if *more is 1; at the end it is 0. Sorts when it has to:
   NGRAM_NO_MEMORY, NGRAM_INTERRUPTED. */
NGRAM_API enum ngram_status ngram_cursor_next(struct ngram_cursor *walk,
                                              struct ngram_row *row, int *more,
                                              struct ngram_error *error);

/* NULL is allowed. */
NGRAM_API void ngram_cursor_free(struct ngram_cursor *walk);

/* ------------------------------------------------------------- totals -- */

/*
 * The size of the whole corpus, year by year, to turn counts into shares: the
 * file "totalcounts" of a release, plain, gzip or zip. It is a row of blocks
 *
 *     year,match_count,page_count,volume_count
 *
 * with blanks around them (spaces, TABs, line ends), or has one block a line
 * with blanks in place of the commas, as in 2009. Or it is a table: a first
 * block of names, in any case and order, says which columns there are: year,
 * match_count (or total, count), page_count (pages), volume_count (volumes,
 * books). The first two are needed; a column without a name is passed over.
 * Commas, semicolons, TABs or blanks part the columns, and names and numbers
 * may stand in double quotes. A byte order mark at the front is no content.
 *
 * A year that comes twice is NGRAM_BAD_INPUT, and so are a name that is unknown
 * or comes twice, and more than NGRAM_TOTALS_MAX bytes of text.
 */
struct ngram_totals;

#define NGRAM_TOTALS_MAX 4194304

struct ngram_year {
  int64_t year;
  int64_t match_count;
  int64_t page_count;   /* -1: the table has no such column */
  int64_t volume_count; /* -1, likewise */
};

struct ngram_totals_options {
  size_t size; /* of this struct; set by ngram_totals_options_init() */
  struct ngram_totals *known; /* borrowed: if the file is the one that these
                                 were read from, as device, inode, size and
                                 times tell it, they are given again. So is
                                 standard input, which cannot be read twice.
                                 NULL: none */
  struct ngram_root *root;    /* as in struct ngram_count_options */
  ngram_poll_fn *poll;        /* as in struct ngram_count_options */
  void *poll_context;
};

NGRAM_API void ngram_totals_options_init(struct ngram_totals_options *options);

/* Read the file at `path`, "-" for standard input, in the calling thread. On
   NGRAM_OK *totals is for the caller to free; else it is NULL and *error says
   why. `error` may be NULL. */
NGRAM_API enum ngram_status
ngram_totals_read(const char *path, const struct ngram_totals_options *options,
                  struct ngram_totals **totals, struct ngram_error *error);

/* The blocks in the order of the file, *count of them; borrowed. */
NGRAM_API const struct ngram_year *
ngram_totals_years(const struct ngram_totals *totals, uint64_t *count);

/* One reference more, to be freed as well; from any thread. Returns its
   argument. */
NGRAM_API struct ngram_totals *ngram_totals_hold(struct ngram_totals *totals);

/* NULL is allowed. */
NGRAM_API void ngram_totals_free(struct ngram_totals *totals);
/* --------------------------------------------------- words of one text -- */

/* Parts texts in memory into words, one after the other; one thread at a
   time. */
struct ngram_splitter;

/* `tokenizer` is not NGRAM_TOKENIZER_NONE. The caller frees it; on an error it
   is NULL. `error` may be NULL, here and below. */
NGRAM_API enum ngram_status
ngram_splitter_create(enum ngram_tokenizer tokenizer,
                      struct ngram_splitter **splitter,
                      struct ngram_error *error);

/* Ask `poll` whether to go on, in ngram_splitter_next(), for each 2 MiB of text
   that have no word; NULL, as at first: nobody. */
NGRAM_API void ngram_splitter_set_poll(struct ngram_splitter *splitter,
                                       ngram_poll_fn *poll, void *context);

/* Begin with a text, which is borrowed for as long as words of it are asked
   for. */
NGRAM_API void ngram_splitter_begin(struct ngram_splitter *splitter,
                                    const char *text, size_t length);

/* The next word, if *more is 1, borrowed until the next call; at the end of the
   text it is 0. NGRAM_BAD_INPUT: the word is none, or is past NGRAM_LINE_MAX;
   NGRAM_NO_MEMORY; NGRAM_INTERRUPTED. After an error begin with another text.
 */
NGRAM_API enum ngram_status ngram_splitter_next(struct ngram_splitter *splitter,
                                                struct ngram_word *word,
                                                int *more,
                                                struct ngram_error *error);

/* NULL is allowed. */
NGRAM_API void ngram_splitter_free(struct ngram_splitter *splitter);
/* --------------------------------------------------------------- rows -- */

/*
 * The rows of a file one by one, as they stand and in its order, while it is
 * read:
 *
 *     ngram_rows_open("a.gz", &options, &rows, &error);
 *     while (ngram_rows_next(rows, &batch, &error) == NGRAM_OK && batch.count)
 *       for (size_t i = 0; i < batch.count; i++)
 *         printf("%.*s %d\n", (int)batch.word_length[i],
 *                batch.text + batch.word_at[i], batch.year[i]);
 *     ngram_rows_close(rows, NULL);
 *
 * With more threads than one, workers decode and parse ahead of the caller from
 * ngram_rows_open() on, by a few MiB of text at most, and wait for him then.
 * They are joined before ngram_rows_next() returns the end or an error, and
 * before ngram_rows_close() returns. With one, the caller does it all by
 * himself, a block at a time, in ngram_rows_next().
 *
 * An error comes at its place: after the rows that stand before it, and these
 * are as good as what is checked row by row can be. What is checked of a whole,
 * the CRC-32 of a gzip member, is known only behind its last row.
 */
struct ngram_rows;

/* What is read of a row; what is not costs less. */
enum ngram_rows_columns {
  NGRAM_ROWS_WORD = 1,
  NGRAM_ROWS_YEAR = 2,
  NGRAM_ROWS_MATCH_COUNT = 4,
  NGRAM_ROWS_VOLUME_COUNT = 8,
  NGRAM_ROWS_ALL = 15,
};

struct ngram_rows_options {
  size_t size;       /* of this struct; set by ngram_rows_options_init() */
  unsigned threads;  /* as in struct ngram_count_options */
  int64_t year_from; /* only rows of these years, both included */
  int64_t year_to;
  enum ngram_tags tags; /* only rows of these n-grams */
  enum ngram_on_error on_error;
  unsigned columns;               /* set of enum ngram_rows_columns */
  const struct ngram_word *words; /* only rows of these words, copied; NULL: of
                                     all */
  size_t word_count;              /* 0 with words not NULL: none */
  const struct ngram_word *word_from; /* only words from this one on, by their
                                         bytes, copied; NULL: from the first */
  const struct ngram_word *word_to;   /* up to this one, which is included */
  struct ngram_index *index; /* borrowed until the rows are closed; others may
                                use it in between; NULL: none */
  struct ngram_cache *cache; /* borrowed until the rows are closed: keeps no
                                rows, but where the words of a file stand, if
                                rows of some words are asked for once more, and
                                a temporary file of rows by year, if those of
                                single years are, some times; and
                                knows that standard input was read, which is
                                NGRAM_BAD_ARGUMENT the next time; NULL: none */
  struct ngram_root *root;   /* borrowed for the call; NULL: none */
  uint64_t memory_limit;     /* as there */
  ngram_poll_fn *poll;       /* as there, in the thread that opens the rows or
                                asks for the next */
  void *poll_context;
};

/* All columns, all words, all years, tags kept, failing on bad rows, all CPUs.
 */
NGRAM_API void ngram_rows_options_init(struct ngram_rows_options *options);

/*
 * Some rows, by columns: row i is element i of each. Columns that were not
 * asked for may be NULL. All is borrowed until the next call for these rows.
 * Words are not NUL-terminated, and begin at text + word_at[i].
 */
struct ngram_row_batch {
  size_t count; /* 0: there are no more */
  const char *text;
  const uint32_t *word_at;
  const uint32_t *word_length; /* in bytes */
  const int32_t *year;
  const int64_t *match_count;
  const int64_t *volume_count;
  const uint32_t *number; /* NULL: 0, 1, 2, ...; first + number[i] is the row's
                             place in the file, from 0 on, whatever rows were
                             asked for */
  uint64_t first;
};

/*
 * Begin to read the rows of the file at `path`; "-" is standard input, and a
 * pattern means its files one after the other, in the order of their names. On
 * NGRAM_OK, *rows is for the caller to close; else it is NULL and *error says
 * why. One thread at a time uses them. `error` may be NULL, here and below.
 */
NGRAM_API enum ngram_status
ngram_rows_open(const char *path, const struct ngram_rows_options *options,
                struct ngram_rows **rows, struct ngram_error *error);

/* The next rows. After an error, each call gives it again. With workers, it is
   one in a child of fork(), where these are not. */
NGRAM_API enum ngram_status ngram_rows_next(struct ngram_rows *rows,
                                            struct ngram_row_batch *batch,
                                            struct ngram_error *error);

/* Stop reading, whether or not the end was reached, and free all (in a child of
   fork(), where workers are not there to be stopped, nothing). *stats, which
   may be NULL, becomes what was read; `words` and `reduce_seconds` are 0. NULL
   rows are allowed. */
NGRAM_API void ngram_rows_close(struct ngram_rows *rows,
                                struct ngram_scan_stats *stats);

/* ------------------------------------------------------------ version -- */

/* "v0.1.0", static. */
NGRAM_API const char *ngram_version(void);

/*
 * Write a few lines for a bug report to `text`: version, commit, build flags,
 * decoders and kernels of this binary and which of them this machine uses.
 * Cut to `size` bytes, NUL included. Returns the length of the whole text.
 */
NGRAM_API size_t ngram_debug(char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
