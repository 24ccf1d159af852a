/* SPDX-License-Identifier: MIT */
/*
 * A format is recognized by a signature at a fixed offset. scan/layout.c asks
 * for it when the first line of a file of rows is not good, and before any free
 * text. api/totals.c asks after an error in a file of totals. So a good row is
 * never compared. The signatures of most binary formats are not valid UTF-8;
 * those of lz4, zip and tar are. The short one of bzip2 is text too, so the
 * magic after it is compared as well. UTF-16 is recognized by its byte order
 * mark, or without one by NUL in every other byte. All strings are static.
 *
 * Signatures: RFC 8878 (zstd), the .xz file format 1.2.1, bzip2's block magic,
 * the LZ4 frame format 1.6.4, RFC 1952 (gzip), POSIX pax (tar), the Git LFS
 * specification of pointer files, compress(1), 7-Zip's 7zFormat.txt.
 */
#include "text/foreign.h"

#include <string.h>

#define SIGNATURE_MAX 10

/* The hints for a command that unpacks a file, or its standard input. */
#define FILTER(command)                                                        \
  {                                                                            \
    command " FILE | ... '-'", "gzip -dc FILE | " command " | ... '-'",        \
        "unzip -p FILE | " command " | ... '-'"                                \
  }
#define TAR_HINTS                                                              \
  {                                                                            \
    "tar -xOf FILE | ... '-'", "gzip -dc FILE | tar -xOf - | ... '-'",         \
        "unzip -p FILE | tar --ignore-zeros -xOf - | ... '-'"                  \
  }
/* The same hint for every packing. */
#define ADVICE(text)                                                           \
  {                                                                            \
    text, text, text                                                           \
  }

struct signature {
  size_t offset;
  unsigned char bytes[SIGNATURE_MAX];
  size_t size;
  struct ng_foreign foreign;
};

static const struct signature signatures[] = {
    {0, {0x28, 0xB5, 0x2F, 0xFD}, 4, {"a zstd file", FILTER("zstd -dc")}},
    {0, {0xFD, '7', 'z', 'X', 'Z', 0}, 6, {"an xz file", FILTER("xz -dc")}},
    {0, {0x04, 0x22, 0x4D, 0x18}, 4, {"an lz4 file", FILTER("lz4 -dc")}},
    {0, {0x1F, 0x9D}, 2, {"a file of compress(1)", FILTER("gzip -dc")}},
    {0,
     {'7', 'z', 0xBC, 0xAF, 0x27, 0x1C},
     6,
     {"a 7z archive",
      {"7z x -so FILE | ... '-'",
       "gzip -dc FILE >OTHER; 7z x -so OTHER | ... '-'",
       "unzip -p FILE >OTHER; 7z x -so OTHER | ... '-'"}}},
    {0,
     {0x1F, 0x8B, 0x08},
     3,
     {"a gz", {NULL, "gzip -dc FILE | ... '-'", "unzip -p FILE | ... '-'"}}},
    {0,
     {'P', 'K', 3, 4},
     4,
     {"a zip archive",
      {NULL, "gzip -dc FILE >OTHER, then read OTHER",
       "unzip FILE -d FOLDER, then read 'FOLDER/*'"}}},
    {257, {'u', 's', 't', 'a', 'r', 0}, 6, {"a tar archive", TAR_HINTS}},
    {257,
     {'u', 's', 't', 'a', 'r', ' ', ' ', 0}, /* of GNU tar */
     8,
     {"a tar archive", TAR_HINTS}},
    {0, {0xFF, 0xFE}, 2, {"UTF-16 text", FILTER("iconv -f UTF-16 -t UTF-8")}},
    {0, {0xFE, 0xFF}, 2, {"UTF-16 text", FILTER("iconv -f UTF-16 -t UTF-8")}},
};

static const struct ng_foreign bzip2 = {"a bzip2 file", FILTER("bzip2 -dc")};
static const struct ng_foreign utf16_little = {
    "UTF-16 text", FILTER("iconv -f UTF-16LE -t UTF-8")};
static const struct ng_foreign utf16_big = {
    "UTF-16 text", FILTER("iconv -f UTF-16BE -t UTF-8")};
static const struct ng_foreign lfs = {"a Git LFS pointer in place of the file",
                                      ADVICE("git lfs pull in its repository")};
static const struct ng_foreign html = {
    "an HTML page", ADVICE("is it what the server said in place of the file?")};

static bool begins_with(const char *text, size_t size, const char *with)
{
  return size >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* The same for ASCII letters in either case; `with` is in lower case. */
static bool begins_with_letters(const char *text, size_t size, const char *with)
{
  for (size_t i = 0; with[i]; i++) {
    char c = i < size ? text[i] : '\0';

    if (c >= 'A' && c <= 'Z')
      c = (char)(c - 'A' + 'a');
    if (c != with[i])
      return false;
  }
  return true;
}

/* "BZh", a level, and the magic of its first block or of its end. */
static bool is_bzip2(const char *text, size_t size)
{
  return size >= 10 && begins_with(text, size, "BZh") && text[3] >= '1' &&
         text[3] <= '9' &&
         (memcmp(text + 4, "1AY&SY", 6) == 0 ||
          memcmp(text + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* Four characters of ASCII in UTF-16; nul_at is 0 if a character begins with
   its NUL byte, 1 if it ends with it. */
static bool is_utf16(const char *text, size_t size, size_t nul_at)
{
  if (size < 8)
    return false;
  for (size_t i = 0; i < 8; i += 2)
    if (text[i + nul_at] != '\0' || text[i + 1 - nul_at] <= '\0')
      return false;
  return true;
}

static bool is_html(const char *text, size_t size)
{
  while (size > 0 &&
         (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')) {
    text++;
    size--;
  }
  return begins_with_letters(text, size, "<!doctype html") ||
         begins_with_letters(text, size, "<html");
}

static bool has_signature(const struct signature *signature, const char *text,
                          size_t size)
{
  return size >= signature->offset + signature->size &&
         memcmp(text + signature->offset, signature->bytes, signature->size) ==
             0;
}

const struct ng_foreign *ng_foreign_find(const char *text, size_t size,
                                         bool is_prose, enum ng_packing packing)
{
  for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
    if (has_signature(&signatures[i], text, size) &&
        signatures[i].foreign.hints[packing])
      return &signatures[i].foreign;
  if (is_bzip2(text, size))
    return &bzip2;
  if (is_utf16(text, size, 1))
    return &utf16_little;
  if (is_utf16(text, size, 0))
    return &utf16_big;
  if (begins_with(text, size, "version https://git-lfs.github.com/spec/"))
    return &lfs;
  return !is_prose && is_html(text, size) ? &html : NULL;
}

const char *ng_foreign_packing_phrase(enum ng_packing packing)
{
  static const char *const texts[NG_PACKINGS] = {"", " within a gz",
                                                 " within a zip archive"};

  return texts[packing];
}
