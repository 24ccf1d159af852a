# SPDX-License-Identifier: MIT
#
# ngram_generate: writes sample files. Not installed.
add_executable(ngram_generate "${PROJECT_SOURCE_DIR}/bench/generate.c")
set_target_properties(ngram_generate PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
target_link_libraries(ngram_generate PRIVATE
  ngram_flags ZLIB::ZLIB Threads::Threads m)

# What each stage costs alone: reaches into the rooms, as unit tests do.
add_executable(ngram_stages "${PROJECT_SOURCE_DIR}/bench/stages.c")
target_include_directories(ngram_stages PRIVATE "${PROJECT_SOURCE_DIR}/ext")
target_link_libraries(ngram_stages PRIVATE ngram_flags ngram_static)
set_target_properties(ngram_stages PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
