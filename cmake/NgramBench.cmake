# SPDX-License-Identifier: MIT
#
# ngram_generate: writes sample files. Not installed.
add_executable(ngram_generate "${PROJECT_SOURCE_DIR}/bench/generate.c")
set_target_properties(ngram_generate PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
target_link_libraries(ngram_generate PRIVATE
  ngram_flags ZLIB::ZLIB Threads::Threads m)
