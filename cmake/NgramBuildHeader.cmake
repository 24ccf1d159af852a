# SPDX-License-Identifier: MIT
#
# Writes ngram_build.h, what ngram_version() and ngram_debug() report, to the
# build folder. The commit is read again when git's HEAD has moved.
set(ngram_commit "${NGRAM_COMMIT}")
if(NOT ngram_commit AND EXISTS "${PROJECT_SOURCE_DIR}/.git")
  find_package(Git QUIET)
  if(GIT_FOUND)
    execute_process(
      COMMAND "${GIT_EXECUTABLE}" rev-parse --short=12 --verify HEAD
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
      OUTPUT_VARIABLE ngram_commit OUTPUT_STRIP_TRAILING_WHITESPACE
      ERROR_QUIET)
  endif()
  if(EXISTS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
      .git/logs/HEAD)
  endif()
endif()
if(NOT ngram_commit)
  set(ngram_commit "unknown")
endif()

string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
set(flags "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${config}}")
if(NGRAM_SANITIZE)
  string(APPEND flags " -fsanitize=${NGRAM_SANITIZE}")
endif()
# Prefix maps name the machine that built it.
string(REGEX REPLACE "-f[a-z]+-prefix-map=[^ ]*" "" flags "${flags}")
string(REGEX REPLACE "[ \t\"\\]+" " " flags "${flags}")
string(STRIP "${flags}" flags)
set(ngram_build_flags
  "${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION} ${flags}")

configure_file("${PROJECT_SOURCE_DIR}/cmake/ngram_build.h.in"
  "${PROJECT_BINARY_DIR}/generated/ngram_build.h" @ONLY)
