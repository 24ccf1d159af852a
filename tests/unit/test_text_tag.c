/* SPDX-License-Identifier: MIT */
/*
 * Tests of tags, marks and arcs: those of the releases are
 * told from printed text that looks like them, as by a naive matcher.
 */
#include "text/word.h"
#include "unit/naive_tags.h"
#include "unit/test.h"

static const struct {
  const char *word;
  bool tagged;
  bool plain;
} token_cases[] = {
    /* arcs */
    {"drinks=>water", false, false},
    {"drinks_VERB=>water", true, false},
    {"drinks=>water_NOUN", true, false},
    {"_NOUN_=>the", true, false},
    {"the=>_NOUN_", true, false},
    {"_ROOT_=>drinks", false, false},
    {"_ROOT_=>drinks_VERB", true, false},
    {"_ROOT_=>_VERB_", true, false},
    {"he drinks=>water now_ADV", true, false},
    {"he drinks=>water now", false, false},
    {"a=>b=>c_X", true, false},
    {"a=>b_X=>c", true, false},
    {"snake_case=>the", false, false},
    {"said=>,", false, false},
    /* a => of printed text */
    {"=>", false, true},
    {"=>_.", true, false},
    {"=>_X", true, false},
    {"a =>", false, true},
    {"=> b", false, true},
    {"a => b", false, true},
    {"=>b", false, true},
    {"a=>", false, true},
    {"a=> b", false, true},
    {"a =>b", false, true},
    {"=>=>", false, true},
    {"=>_NOUN_", false, true},
    {"=>=>x", false, false},
    {"x=>=>", false, false},
    {"x=>=>_.", true, false},
    {"=>_.=>x", true, false},
    {"x=>_VERB", false, false},
    {"a=b", false, true},
    {"a>=b", false, true},
    {"a=", false, true},
    {"==", false, true},
    {"->", false, true},
    /* marks */
    {"_START_", false, false},
    {"_END_", false, false},
    {"_ROOT_", false, false},
    {"_START_ The", false, false},
    {"it . _END_", false, false},
    {"_START_ The_DET", true, false},
    {"_START", false, true},
    {"START_", false, true},
    {"_start_", false, true},
    {"x_START_", false, true},
    {"_START_x", false, true},
    {"_START__END_", false, true},
    /* tags */
    {"watch_VERB", true, false},
    {"._.", true, false},
    {"_._", true, false},
    {"_NOUN_", true, false},
    {"watch it_PRON now", true, false},
    /* printed text that looks like them */
    {"", false, true},
    {"_", false, true},
    {"__", false, true},
    {"___", false, true},
    {"a_", false, true},
    {"_a", false, true},
    {"snake_case", false, true},
    {"_VERB", false, true},
    {"VERB", false, true},
    {"VERB_", false, true},
    {"x_NOUN_", false, true},
    {"_NOUN_x", false, true},
    {"watch_verb", false, true},
    {"watch_PUNCT", false, true},
    {"a_ _b", false, true},
    {"watch it now", false, true},
};

static void arcs_marks_and_tags_are_told_from_printed_text(void)
{
  for (size_t i = 0; i < COUNT(token_cases); i++) {
    const char *word = token_cases[i].word;
    size_t length = strlen(word);

    NOTE("'%s'", word);
    CHECK_EQ(ng_word_is_tagged(word, length), token_cases[i].tagged);
    CHECK_EQ(ng_word_is_plain(word, length), token_cases[i].plain);
    CHECK_EQ(naive_wants_tags(NGRAM_TAGS_ONLY, word, length),
             token_cases[i].tagged);
    CHECK_EQ(naive_wants_tags(NGRAM_TAGS_PLAIN, word, length),
             token_cases[i].plain);
  }
}

/* Pieces that n-grams of tags, marks and arcs are made of. */
static size_t make_tagged_word(char *word, size_t size)
{
  static const char *const pieces[] = {
      "_",      "=",     ">",     "=>",      " ",       "a",
      "NOUN",   ".",     "_VERB", "_X",      "_START_", "_ROOT_",
      "_NOUN_", "water", "END",   "\xC3\x98"};
  size_t count = random_below(random_once_in(9) ? 12 : 5);
  size_t length = 0;

  while (count-- > 0) {
    const char *piece = pieces[random_below(COUNT(pieces))];
    size_t more = strlen(piece);

    if (length + more > size)
      break;
    memcpy(word + length, piece, more);
    length += more;
  }
  return length;
}

/* The word ends where its memory does. */
static void tokens_are_judged_as_by_a_naive_matcher(void)
{
  for (unsigned round = 0; round < test_rounds(200000) && !test_state.failed;
       round++) {
    char room[64];
    size_t length = make_tagged_word(room, sizeof room);
    char *word = test_memory(length);

    memcpy(word, room, length);
    NOTE("'%.*s'", (int)length, room);
    CHECK_EQ(ng_word_is_tagged(word, length),
             naive_wants_tags(NGRAM_TAGS_ONLY, room, length));
    CHECK_EQ(ng_word_is_plain(word, length),
             naive_wants_tags(NGRAM_TAGS_PLAIN, room, length));
    free(word);
  }
}

int main(int argc, char **argv)
{
  static const struct test tests[] = {
      TEST(arcs_marks_and_tags_are_told_from_printed_text),
      TEST(tokens_are_judged_as_by_a_naive_matcher),
  };

  return test_main(tests, COUNT(tests), argc, argv);
}
