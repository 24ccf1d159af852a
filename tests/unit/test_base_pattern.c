/* SPDX-License-Identifier: MIT */
/*
 * Patterns for names of files, against fnmatch(3) in the C locale for ASCII,
 * and against what they are to mean in every locale for all else.
 */
#include <fnmatch.h>
#include <locale.h>

#include "base/pattern.h"
#include "unit/test.h"

static const struct pattern_case {
  const char *pattern;
  const char *name;
  bool fits;
} pattern_cases[] = {
    {"x-?.gz", "x-a.gz", true},
    {"x-?.gz", "x-é.gz", true},
    {"x-?.gz", "x-я.gz", true},
    {"x-?.gz", "x-中.gz", true},
    {"x-?.gz", "x-\xE9.gz", true}, /* Latin-1: no UTF-8 */
    {"x-?.gz", "x-e\xCC\x81.gz", false},
    {"x-??.gz", "x-\xE9\xFF.gz", true},
    {"x-[a-z].gz", "x-i.gz", true},
    {"x-[a-z].gz", "x-I.gz", false},
    {"x-[a-z].gz", "x-é.gz", false},
    {"x-[а-я].gz", "x-я.gz", true},
    {"x-[а-я].gz", "x-ё.gz", false},
    {"x-[!a-z].gz", "x-中.gz", true},
    {"x-[^я].gz", "x-я.gz", false},
    {"*中*", "a中b", true},
    {"?", "\xF0\x9F\x98\x80", true},
    {"?", "\xED\xA0\x80", false}, /* a surrogate: three bytes */
    {"???", "\xED\xA0\x80", true},
    {"??", "\xC0\x80", true}, /* overlong: two bytes */
    {"[[:alpha:]]", "q", true},
    {"[[:alpha:]]", "é", false},
    {"[[=a=][.b.]]", "b", true},
    {"[[.a.]-[.c.]]", "b", true},
    {"[", "[", true},
    {"[a", "[a", true},
    {"[]a]", "]", true},
    {"[!]a]", "b", true},
    {"[a\\]b]", "]", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"a\\", "a\\", false},
    {"*", ".hidden", false},
    {"?hidden", ".hidden", false},
    {"[.]hidden", ".hidden", false},
    {".*", ".hidden", true},
    {"\\.*", ".hidden", true},
    {"*", "", true},
    {"", "", true},
    {"", "a", false},
    {"a**b", "ab", true},
};

static void check_cases(void)
{
  for (size_t i = 0; i < COUNT(pattern_cases); i++) {
    const struct pattern_case *c = &pattern_cases[i];

    NOTE("%s against %s", c->pattern, c->name);
    CHECK_EQ(ng_pattern_fits(c->pattern, c->name), c->fits);
  }
}

static void patterns_mean_what_they_say(void)
{
  check_cases();
}

static void patterns_mean_the_same_in_every_locale(void)
{
  static const char *const locales[] = {"C.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8",
                                        "en_US.UTF-8", ""};

  for (size_t i = 0; i < COUNT(locales); i++)
    if (setlocale(LC_ALL, locales[i]))
      check_cases();
  setlocale(LC_ALL, "C");
}

/* Some characters of a pattern or a name. */
static void make_any(char *text, size_t most, const char *const *pieces,
                     size_t count)
{
  size_t left = random_below(most);

  *text = '\0';
  while (left-- > 0)
    strcat(text, pieces[random_below(count)]);
}

static void patterns_of_ascii_are_those_of_fnmatch(void)
{
  static const char *const pieces[] = {
      "*",      "?",     "a",      "b",      "c",           ".",
      "-",      "[ab]",  "[!a]",   "[a-b]",  "[b-a]",       "[-a]",
      "[]a]",   "[^b-]", "[!]-b]", "\\a",    "\\*",         "\\[",
      "[\\]a]", "*a*",   "[*]",    "[a-bc]", "[[:digit:]]", "[[:alpha:]-]"};
  static const char *const letters[] = {"a", "b", "c", ".", "-", "]",
                                        "[", "*", "1", "^", "!"};
  unsigned fitting = 0;

  for (unsigned round = 0; round < test_rounds(400000); round++) {
    char pattern[200];
    char name[40];
    bool fits;

    make_any(pattern, 7, pieces, COUNT(pieces));
    make_any(name, 8, letters, COUNT(letters));
    NOTE("%s against %s", pattern, name);
    /* That of glibc 2.36 minds periods elsewhere as well, after a "*?". */
    fits = fnmatch(pattern, name, name[0] == '.' ? FNM_PERIOD : 0) == 0;
    fitting += fits;
    if (!CHECK_EQ(ng_pattern_fits(pattern, name), fits))
      return;
  }
  CHECK(fitting > 1000);
}

static void many_stars_take_no_time(void)
{
  char pattern[2001];
  char name[256];

  for (size_t i = 0; i < sizeof pattern - 1; i += 2)
    memcpy(pattern + i, "*a", 2);
  memcpy(pattern + sizeof pattern - 3, "*b", 3);
  memset(name, 'a', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  CHECK(!ng_pattern_fits(pattern, name));
  CHECK(!ng_pattern_fits("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(patterns_mean_what_they_say),
      TEST(patterns_mean_the_same_in_every_locale),
      TEST(patterns_of_ascii_are_those_of_fnmatch),
      TEST(many_stars_take_no_time),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
