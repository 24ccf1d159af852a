# SPDX-License-Identifier: MIT
#
# ISA-L is needed for its declarations only: the library itself is opened at
# run time, so that a binary built with it still loads where it is missing.
# Sets HAVE_ISAL and the target ngram_isal.
add_library(ngram_isal INTERFACE)
set(HAVE_ISAL OFF)
if(NGRAM_ISAL)
  find_path(ISAL_INCLUDE_DIR NAMES isa-l/igzip_lib.h)
  mark_as_advanced(ISAL_INCLUDE_DIR)
  if(ISAL_INCLUDE_DIR)
    set(HAVE_ISAL ON)
    target_include_directories(ngram_isal SYSTEM INTERFACE
      "${ISAL_INCLUDE_DIR}")
    target_compile_definitions(ngram_isal INTERFACE HAVE_ISAL=1)
  endif()
endif()
message(STATUS "ISA-L headers: ${HAVE_ISAL}")
